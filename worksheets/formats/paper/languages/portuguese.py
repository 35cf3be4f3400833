"""The words of papers in Portuguese."""

from __future__ import annotations

from .language import Language

PORTUGUESE = Language(
    bank=(
        r"(?:banco|lista|caixa|quadro)\s+(?:de\s+)?palavras",
        r"(?:(?:as|os|estas|estes|seguintes)\s+){1,2}(?:palavras|termos|expressões|verbos"
        r"|adjetivos)(?:\s+(?:seguintes|abaixo|do\s+(?:quadro|retângulo)|da\s+(?:lista|caixa)"
        r"|dadas))*",
        r"(?:do|no|da|na)\s+(?:quadro|retângulo|lista|caixa)",
        r"(?:palavras|lista|quadro)(?=\s*:)",
    ),
    fill=(
        r"complet(?:a|e|em|ar)\b",
        r"preench(?:a|e|er|am)\b",
        r"lacunas?",
        r"espaços\s+em\s+branco",
    ),
    key=(
        "gabarito",
        "respostas",
        r"soluções",
        r"solução",
        r"chave\s+de\s+respostas",
        r"correção",
    ),
    scheme=(
        r"gabarito",
        r"chave\s+de\s+respostas",
    ),
    fields=(
        r"alun[oa](?:\s?\((?:a|o)\))?",
        "nome",
        "turma",
        "data",
        "ano",
        "nota",
        "escola",
        "número",
        "aluno",
        "professora?",
        "valor",
        "pontos",
        "série",
    ),
    true_false=(r"verdadeir[oa]s?\s*(?:ou|/|,|\(v\)\s*ou)\s*fals[oa]s?", r"v\s*(?:ou|/)\s*f"),
    verdicts=("verdadeiro", "falso"),
    other_verdicts=(("sim", "não"), ("certo", "errado")),
    not_given=(r"não\s+(?:mencionad[oa]|consta|se\s+sabe|(?:se\s+)?diz|referid[oa])",),
    match=(
        r"(?:faz|faça|estabelece|estabeleça)\s+a\s+correspond\w+",
        r"(?:ligue|relacione|associe)\b",
    ),
    choose=(r"(?:marque|assinale|assinala|escolha|circule|sublinhe|sublinha|risque)\b",),
    several=(
        r"todas\s+as\s+(?:respostas|opções|alternativas|corretas)",
        r"(?:assinal|escolh|marqu)\w*\s+(?:duas|três|várias)",
        r"várias\s+respostas",
    ),
    reasons=(
        r"por\s?qu[eê]",
        r"justifi\w*",
        r"expli\w*",
    ),
    ask=(
        r"(?:explique|explica|descreva|descreve|justifique|justifica|comente|compare|defina"
        r"|define|cite|indique|resuma|analise|escreva|escreve|redija)\b",
        r"por\s+que",
    ),
    each=(
        r"(?:responda|responde|traduza|traduz|reescreva|reescreve|transforme|corrija|corrige)\b",
    ),
    exercise=(
        "exercício",
        "atividade",
        "parte",
        "tarefa",
        "unidade",
        "seção",
        "secção",
        "lição",
        "questão",
        "texto",
        "ficha",
    ),
    marks=("pontos?", r"pts?\.?", "valores"),
    picture=(
        r"(?:observe|olhe|observa|veja)\s+(?:bem\s+)?(?:a|o|as|os)\s+(?:imagem|figura|foto"
        r"|desenho|mapa|imagens|gráfico)",
        r"(?:na|no)\s+(?:imagem|figura|foto|desenho|mapa)",
    ),
    underlined=(r"sublinhad[oa]s?",),
    bold=(r"(?:em|a)\s+negrito",),
    page=("página", "pág", "p"),
    small=(
        "de",
        "do",
        "da",
        "dos",
        "das",
        "a",
        "o",
        "os",
        "as",
        "um",
        "uma",
        "em",
        "e",
        "ou",
        "por",
    ),
    particles=("de", "do", "da", "dos", "das", "e"),
)
