"""The words of papers in Spanish."""

from __future__ import annotations

from .language import Language

SPANISH = Language(
    bank=(
        r"(?:banco|lista|caja|cuadro|recuadro)\s+(?:de\s+)?palabras",
        r"(?:(?:las|los|estas|estos|siguientes)\s+){1,2}(?:palabras|términos|expresiones|verbos"
        r"|adjetivos)(?:\s+(?:siguientes|dadas|del\s+(?:recuadro|cuadro)|de\s+la\s+lista"
        r"|de\s+abajo))*",
        r"(?:del|en\s+el|de\s+la)\s+(?:recuadro|cuadro|lista|caja)",
        r"(?:palabras|lista|vocabulario|recuadro)(?=\s*:)",
    ),
    fill=(
        r"complet(?:a|e|ad|en|ar)\b",
        r"rellen(?:a|e|ad|en|ar)\b",
        r"escrib\w+\s+(?:la\s+palabra|las\s+palabras)",
        r"(?:huecos|espacios\s+en\s+blanco)",
    ),
    key=(
        "respuestas",
        "soluciones",
        r"solución",
        "solucionario",
        r"clave(?:\s+de\s+respuestas)?",
        r"respuestas\s+correctas",
    ),
    scheme=(
        r"solucionario",
        r"clave\s+de\s+respuestas",
    ),
    fields=(
        r"alumn[oa](?:\s?\((?:a|o)\))?",
        "nombre",
        "apellidos?",
        r"nombre\s+y\s+apellidos?",
        "clase",
        "fecha",
        "curso",
        "grupo",
        "nota",
        "puntos",
        "grado",
    ),
    true_false=(r"verdader[oa]s?\s*(?:o|/|,|y)\s*fals[oa]s?", r"v\s*(?:o|/)\s*f"),
    verdicts=("verdadero", "falso"),
    other_verdicts=(("sí", "no"), ("correcto", "incorrecto")),
    not_given=(
        r"no\s+se\s+(?:dice|menciona|sabe|indica)",
        r"no\s+(?:aparece|consta|mencionad[oa])",
    ),
    match=(r"(?:relaciona|empareja|conecta|asocia)[rdn]?\b", r"une\s+(?:con|cada|las|los)"),
    choose=(r"(?:marca|elige|subraya|rodea|señala|tacha|escoge|encierra)[rdn]?\b",),
    several=(
        r"todas\s+las\s+(?:respuestas|opciones|correctas)",
        r"(?:marca|elige|señala)\w*\s+(?:dos|tres|varias)",
        r"varias\s+respuestas",
    ),
    reasons=(
        r"por\s+qué",
        r"justifica\w*",
        r"explica\w*",
    ),
    ask=(
        r"(?:explica|describe|justifica|comenta|compara|define|menciona|nombra|indica|resume"
        r"|analiza|argumenta|da|escribe|redacta)[rdn]?\b",
    ),
    each=(
        r"(?:responde|contesta|traduce|reescribe|transforma|corrige)[rdn]?\b",
        r"(?:con|en)\s+(?:frases|oraciones)\s+completas",
    ),
    exercise=(
        "ejercicio",
        "actividad",
        "parte",
        "tarea",
        "unidad",
        "sección",
        "lección",
        "pregunta",
        "texto",
        "ficha",
    ),
    marks=("puntos?", r"ptos?\.?", r"pts?\.?"),
    picture=(
        r"(?:mira|observa|fíjate\s+en)[dn]?\s+(?:bien\s+)?(?:la|el|las|los)\s+(?:imagen|foto"
        r"|dibujo|mapa|imágenes|fotografía|gráfico)",
        r"en\s+(?:la|el)\s+(?:imagen|foto|dibujo|mapa)",
    ),
    underlined=(r"subrayad[oa]s?",),
    bold=(r"en\s+negrita",),
    page=("página", "pág", "p"),
    small=(
        "de",
        "del",
        "la",
        "el",
        "los",
        "las",
        "un",
        "una",
        "a",
        "al",
        "en",
        "y",
        "o",
        "por",
    ),
    particles=("de", "del", "y"),
)
