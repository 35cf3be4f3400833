"""Papers made here, in many languages and layouts, with what must come of them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from .files import docx, paragraph, placed_pdf, run, table


@dataclass(frozen=True)
class Content:
    """What a paper says; '{}' in a sentence is a gap, whose answer has the same place in terms."""

    title: str
    fill: str  # the instruction, which speaks of a bank
    label: str  # what a bank is called
    sentences: tuple[str, ...]
    terms: tuple[str, ...]
    questions: tuple[str, ...]
    key: str
    name: str
    true_false: str = ""
    statements: tuple[str, ...] = ()


CONTENTS = {
    "en": Content(
        "Bees and honey",
        "Complete the sentences with the words in the box.",
        "Word bank",
        (
            "A colony has one {} and thousands of workers.",
            "Bees collect {} from flowers.",
            "The wax cells are called a {}.",
            "A {} wears a veil when he opens a hive.",
            "In winter the bees live on {}.",
        ),
        ("queen", "nectar", "honeycomb", "bee keeper", "stored honey"),
        ("Why do bees dance?", "Explain how honey is made."),
        "Answers",
        "Name",
        "Are these sentences true or false?",
        ("Bees sleep in summer.", "Drones have no sting."),
    ),
    "de": Content(
        "Der Wald im Herbst",
        "Ergänze die Sätze mit den Wörtern aus dem Kasten.",
        "Wörter",
        (
            "Im Herbst verlieren viele Bäume ihre {}.",
            "Das Eichhörnchen sammelt {} für den Winter.",
            "Am Boden wachsen {} und Farne.",
            "Der {} hält Winterschlaf.",
            "Die Vögel fliegen nach {}.",
        ),
        ("Blätter", "Nüsse", "Pilze", "Igel", "Süden"),
        ("Warum verfärbt sich das Laub?", "Erkläre, wozu der Winterschlaf dient."),
        "Lösungen",
        "Klasse",
        "Richtig oder falsch? Kreuze an.",
        ("Alle Bäume verlieren ihr Laub.", "Igel fressen Käfer."),
    ),
    "fr": Content(
        "Le moulin du village",
        "Complète les phrases avec les mots de la liste.",
        "Mots",
        (
            "Le {} habite près du moulin.",
            "Le vent fait tourner les {}.",
            "On y moud le {} pour faire le pain.",
            "La {} coule derrière la maison.",
            "Les enfants jouent dans le {}.",
        ),
        ("meunier", "ailes", "blé", "rivière", "pré"),
        ("Pourquoi le moulin s'est-il arrêté ?", "Explique le travail du meunier."),
        "Corrigé",
        "Prénom",
        "Vrai ou faux ?",
        ("Le moulin marche à l'eau.", "Le meunier vend du pain."),
    ),
    "es": Content(
        "El mercado",
        "Completa las frases con las palabras del recuadro.",
        "Palabras",
        (
            "Los sábados vamos al {} con mi abuela.",
            "Compramos {} para la ensalada.",
            "El {} cuesta dos euros.",
            "La {} está muy fresca hoy.",
            "Pagamos con {} en la caja.",
        ),
        ("puesto", "tomates", "pan", "lechuga", "monedas"),
        ("¿Por qué le gusta el mercado a la abuela?", "Describe tu tienda favorita."),
        "Respuestas",
        "Nombre",
        "¿Verdadero o falso?",
        ("El mercado abre los lunes.", "La fruta es barata."),
    ),
    "it": Content(
        "La vendemmia",
        "Completa le frasi con le parole del riquadro.",
        "Parole",
        (
            "A settembre si raccoglie l'{} nei campi.",
            "Il nonno porta le {} sul carro.",
            "Il mosto diventa {} in cantina.",
            "Tutta la {} lavora insieme.",
            "La sera si fa una {}.",
        ),
        ("uva", "ceste", "vino", "famiglia", "festa"),
        ("Perché si lavora insieme?", "Spiega come nasce il vino."),
        "Soluzioni",
        "Cognome",
        "Vero o falso?",
        ("L'uva si raccoglie a maggio.", "Il nonno guida il carro."),
    ),
    "pt": Content(
        "O porto de pesca",
        "Complete as frases com as palavras do quadro.",
        "Palavras",
        (
            "De manhã os {} voltam ao porto.",
            "As {} ficam no cais a secar.",
            "O {} vende-se na lota.",
            "As {} seguem os barcos.",
            "À noite acende-se o {}.",
        ),
        ("barcos", "redes", "peixe", "gaivotas", "farol"),
        ("Por que é difícil a vida no mar?", "Explique o que é uma lota."),
        "Gabarito",
        "Turma",
        "Verdadeiro ou falso?",
        ("Os barcos saem ao meio-dia.", "O farol fica na praia."),
    ),
    "nl": Content(
        "De dijk",
        "Vul de zinnen in met de woorden uit het kader.",
        "Woorden",
        (
            "Achter de dijk ligt de {} van de boer.",
            "De {} pompt het water weg.",
            "In het gras lopen veel {}.",
            "Bij {} komt het water hoog.",
            "De {} waarschuwt het dorp.",
        ),
        ("polder", "molen", "schapen", "storm", "sirene"),
        ("Waarom is de dijk zo hoog?", "Leg uit wat een polder is."),
        "Antwoorden",
        "Naam",
        "Waar of niet waar?",
        ("De dijk is van hout.", "Het water komt uit zee."),
    ),
    "pl": Content(
        "Stacja kolejowa",
        "Uzupełnij zdania wyrazami z ramki.",
        "Wyrazy",
        (
            "Pociąg stoi na trzecim {} od rana.",
            "Bilet kupujemy w {}.",
            "W {} można zjeść obiad.",
            "Na ławce leży mój {}.",
            "O ósmej przyjedzie {}.",
        ),
        ("peronie", "kasie", "bufecie", "plecak", "konduktor"),
        ("Dlaczego pociąg się spóźnił?", "Opisz swoją ostatnią podróż."),
        "Odpowiedzi",
        "Imię i nazwisko",
        "Prawda czy fałsz?",
        ("Pociąg odjeżdża wieczorem.", "Bufet jest zamknięty."),
    ),
    "ru": Content(
        "Зимний лес",
        "Вставьте в предложения слова из рамки.",
        "Слова",
        (
            "Зимой {} спит в берлоге.",
            "Под снегом прячется {}.",
            "На ветке сидит {}.",
            "В дупле живёт {}.",
            "По следам идёт {}.",
        ),
        ("медведь", "мышь", "снегирь", "белка", "охотник"),
        ("Почему медведь спит зимой?", "Опишите зимний лес."),
        "Ответы",
        "Фамилия",
        "Верно или неверно?",
        ("Белка спит всю зиму.", "Снегирь улетает на юг."),
    ),
    "ar": Content(
        "المدينة القديمة",
        "أكمل الجمل بالكلمات الآتية.",
        "الكلمات",
        (
            "في المدينة {} كبير.",
            "يبيع التاجر {} والتمر.",
            "يلعب الأطفال في {} صباحا.",
            "يشرب الناس {} مساء.",
            "تقع {} قرب البحر.",
        ),
        ("سوق", "الخبز", "الساحة", "الشاي", "القلعة"),
        ("لماذا يحب الناس السوق؟", "اشرح كيف تصنع القهوة."),
        "الإجابات",
        "الاسم",
        "صح أم خطأ؟",
        ("السوق صغير.", "القلعة جديدة."),
    ),
    "he": Content(
        "הגן של סבתא",
        "השלימו את המשפטים במילים הבאות.",
        "מחסן מילים",
        (
            "בגן גדלים {} אדומים.",
            "סבתא משקה את {} בבוקר.",
            "מתחת לעץ יושב {} לבן.",
            "על השולחן מונח {} גדול.",
            "בערב באים כל {} לגן.",
        ),
        ("פרחים", "הצמחים", "חתול", "סל", "הילדים"),
        ("מדוע סבתא אוהבת את הגן?", "הסבירו כיצד גדל צמח."),
        "תשובות",
        "כיתה",
        "נכון או לא נכון?",
        ("הגן נמצא בעיר.", "החתול שחור."),
    ),
    "zh": Content(
        "春天的公园",
        "用方框中的词语填空。",
        "词语",
        (
            "春天来了，公园里的{}开了。",
            "孩子们在草地上放{}。",
            "湖边有一棵很老的{}。",
            "爷爷每天早上打{}。",
            "小鸟在树上做{}。",
        ),
        ("桃花", "风筝", "柳树", "太极拳", "鸟窝"),
        ("为什么孩子们喜欢春天？", "请说明怎样做风筝。"),
        "参考答案",
        "姓名",
        "判断正误。",
        ("公园在山上。", "湖水很干净。"),
    ),
}


@dataclass(frozen=True)
class MadePaper:
    """A paper of one content and layout, and what must come of it."""

    name: str
    data: bytes
    gaps: int
    terms: tuple[str, ...] = ()
    questions: int = 0
    choices: int = 0
    key: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()  # of its questions, beside those that ask for words


# What a task says that asks to match, and one that asks to choose.
MATCH = {
    "en": "Match the words with their meanings.",
    "de": "Ordne die Wörter den Bedeutungen zu.",
    "fr": "Relie les mots à leur définition.",
    "es": "Relaciona las palabras con su definición.",
    "it": "Collega le parole alle definizioni.",
    "pt": "Ligue as palavras às definições.",
    "nl": "Verbind de woorden met de betekenissen.",
    "pl": "Połącz wyrazy z definicjami.",
    "ru": "Соедините слова с определениями.",
    "ar": "صل الكلمات بمعانيها.",
    "he": "התאימו בין המילים לפירושים.",
    "zh": "连线。",
}
CHOOSE = {
    "en": "Circle the right answer.",
    "de": "Kreuze die richtige Antwort an.",
    "fr": "Entoure la bonne réponse.",
    "es": "Rodea la respuesta correcta.",
    "it": "Segna la risposta corretta.",
    "pt": "Assinale a alternativa correta.",
    "nl": "Kruis het juiste antwoord aan.",
    "pl": "Zaznacz poprawną odpowiedź.",
    "ru": "Выберите правильный ответ.",
    "ar": "اختر الإجابة الصحيحة.",
    "he": "הקיפו את התשובה הנכונה.",
    "zh": "选择正确答案。",
}
PAIRS: dict[str, Callable[[Content], str]] = {
    "side by side": lambda c: "\n".join(
        f"{n}. {item} ____      {letter}) {partner}"
        for n, (item, letter, partner) in enumerate(pairs(c), 1)
    ),
    "two columns": lambda c: "\n".join(
        f"{n}. {item}\t\t{letter}. {partner}"
        for n, (item, letter, partner) in enumerate(pairs(c), 1)
    ),
    "two lists": lambda c: "\n".join(
        [
            *(f"{n}. {item} ____" for n, (item, _, _) in enumerate(pairs(c), 1)),
            "",
            *(f"{letter}) {partner}" for _, letter, partner in pairs(c)),
        ]
    ),
}
OPTIONS: dict[str, Callable[[Sequence[str]], str]] = {
    "letters": lambda o: "\n".join(
        f"{letter}) {text}" for letter, text in zip("abc", o, strict=True)
    ),
    "capitals": lambda o: "\n".join(
        f"{letter}. {text}" for letter, text in zip("ABC", o, strict=True)
    ),
    "boxes": lambda o: "\n".join(f"☐ {text}" for text in o),
    "on a line": lambda o: "   ".join(
        f"{letter}) {text}" for letter, text in zip("abc", o, strict=True)
    ),
}
GAPS: dict[str, str] = {
    "underscores": "____________",
    "few underscores": "____",
    "full width": "＿＿＿＿",
    "dots": "..................",
    "ellipses": "………………",
    "short ellipses": "……",
    "spaced dots": ". . . . . . . .",
    "dashes": "----------",
    "long dashes": "————",
    "boxes": "□□□□",
    "brackets": "(          )",
    "square brackets": "[          ]",
    "spaced underscores": "_ _ _ _ _ _",
    "latex": r"\underline{\hspace{2cm}}",
    "markdown": r"\_\_\_\_\_\_",
    "blank in words": "[blank]",
}
NUMBERS: dict[str, Callable[[int], str]] = {
    "dot": lambda n: f"{n}. ",
    "bracket": lambda n: f"{n}) ",
    "bare": lambda n: f"{n} ",
    "dash": lambda n: f"{n}- ",
    "degree": lambda n: f"{n}°) ",
    "full width": lambda n: f"{n}．",
    "both brackets": lambda n: f"({n}) ",
    "bullet": lambda _n: "• ",
    "letter": lambda n: f"{'abcdefgh'[n - 1]}) ",
    "none": lambda _n: "",
}
BANKS: dict[str, Callable[[Content], str]] = {
    "commas behind a label": lambda c: f"{c.label}: {', '.join(shuffled(c.terms))}",
    "semicolons": lambda c: f"{c.label}: {'; '.join(shuffled(c.terms))}",
    "slashes": lambda c: " / ".join(shuffled(c.terms)),
    "bars": lambda c: " | ".join(shuffled(c.terms)),
    "dashes": lambda c: " — ".join(shuffled(c.terms)),
    "dots": lambda c: " · ".join(shuffled(c.terms)),
    "spaces": lambda c: "   ".join(shuffled(c.terms)),
    "tabs": lambda c: "\t".join(shuffled(c.terms)),
    "brackets": lambda c: " ".join(f"[{term}]" for term in shuffled(c.terms)),
    "bullets": lambda c: "\n".join(f"• {term}" for term in shuffled(c.terms)),
    "lines": lambda c: "\n".join(shuffled(c.terms)),
    "label and lines": lambda c: "\n".join([f"{c.label}:", *shuffled(c.terms)]),
    "two rows": lambda c: two_rows(shuffled(c.terms)),
}
KEYS: dict[str, Callable[[Content], str]] = {
    "numbered lines": lambda c: "\n".join(
        [c.key, *(f"{n}. {t}" for n, t in enumerate(c.terms, 1))]
    ),
    "commas": lambda c: f"{c.key}: {', '.join(c.terms)}",
    "numbered on a line": lambda c: (
        f"{c.key}: {'  '.join(f'{n}. {t}' for n, t in enumerate(c.terms, 1))}"
    ),
    "numbers in brackets": lambda c: (
        f"{c.key}: {', '.join(f'{n}) {t}' for n, t in enumerate(c.terms, 1))}"
    ),
}


def shuffled(terms: Sequence[str]) -> list[str]:
    """Terms in another order than that of their gaps."""
    return [*terms[2:], *terms[:2]]


def two_rows(terms: Sequence[str]) -> str:
    return f"{'   '.join(terms[:3])}\n{'   '.join(terms[3:])}"


def pairs(content: Content) -> list[tuple[str, str, str]]:
    """Three terms, each beside a letter and what another one means."""
    meanings = [sentence.replace("{}", "…") for sentence in content.sentences[:3]]
    return list(zip(content.terms, "abc", (*meanings[1:], meanings[0]), strict=False))


def text_paper(
    content: Content,
    *,
    gap: str = GAPS["underscores"],
    number: Callable[[int], str] = NUMBERS["dot"],
    bank: Callable[[Content], str] | None = BANKS["commas behind a label"],
    after: bool = False,
    key: Callable[[Content], str] | None = None,
    verdicts: bool = False,
) -> str:
    """A paper as plain text."""
    items = [f"{number(n)}{s.format(gap)}" for n, s in enumerate(content.sentences, 1)]
    parts = [content.title, f"{content.name}: ____________", content.fill]
    box = [bank(content)] if bank else []
    parts += ["\n".join(items), *box] if after else [*box, "\n".join(items)]
    parts.append("\n".join(f"{n}. {q}" for n, q in enumerate(content.questions, 1)))
    if verdicts:
        statements = [f"{n}. {s}" for n, s in enumerate(content.statements, 1)]
        parts.append("\n".join([content.true_false, *statements]))
    if key:
        parts.append(key(content))
    return "\n\n".join(parts) + "\n"


def of_text(name: str, content: Content, text: str, **changes: object) -> MadePaper:
    made = MadePaper(name, text.encode(), 5, content.terms, len(content.questions))
    return replace(made, **changes)  # type: ignore[arg-type]


def papers() -> Iterator[MadePaper]:
    """Every layout once in a language, and every language in the usual layouts."""
    languages = itertools.cycle(CONTENTS)
    for language, content in CONTENTS.items():
        for layout, bank in list(BANKS.items())[:3]:
            name = f"{language} {layout}.txt"
            yield of_text(name, content, text_paper(content, bank=bank))
        yield of_text(f"{language} bank below.txt", content, text_paper(content, after=True))
        yield of_text(
            f"{language} key.txt",
            content,
            text_paper(content, key=KEYS["numbered lines"]),
            key=content.terms,
        )
        yield of_text(
            f"{language} true or false.txt",
            content,
            text_paper(content, verdicts=True),
            choices=1,
            kinds=("statements",),
        )
        yield of_text(f"{language} no bank.txt", content, text_paper(content, bank=None), terms=())
    for (layout, gap), language in zip(GAPS.items(), languages, strict=False):
        content = CONTENTS[language]
        yield of_text(f"{language} gaps {layout}.txt", content, text_paper(content, gap=gap))
    for (layout, number), language in zip(NUMBERS.items(), languages, strict=False):
        content = CONTENTS[language]
        yield of_text(f"{language} items {layout}.txt", content, text_paper(content, number=number))
    for (layout, bank), language in zip(BANKS.items(), languages, strict=False):
        content = CONTENTS[language]
        yield of_text(f"{language} bank {layout}.txt", content, text_paper(content, bank=bank))
    for (layout, key), language in zip(KEYS.items(), languages, strict=False):
        content = CONTENTS[language]
        text = text_paper(content, key=key)
        yield of_text(f"{language} key {layout}.txt", content, text, key=content.terms)
    yield from _chosen()
    for language in ("en", "de", "fr", "pl", "ru"):
        yield from _word(language, CONTENTS[language])
    for language in ("en", "de", "fr"):
        yield from _pdf(language, CONTENTS[language])


def _chosen() -> Iterator[MadePaper]:
    """Papers on which pupils only choose."""
    for (language, content), (layout, two_lists) in zip(
        CONTENTS.items(), itertools.cycle(PAIRS.items()), strict=False
    ):
        text = "\n\n".join([content.title, MATCH[language], two_lists(content)]) + "\n"
        yield MadePaper(
            f"{language} match {layout}.txt", text.encode(), 0, choices=1, kinds=("matching",)
        )
    for (language, content), (layout, options) in zip(
        CONTENTS.items(), itertools.cycle(OPTIONS.items()), strict=False
    ):
        stems = [f"{n}. {sentence}" for n, sentence in enumerate(content.statements, 1)]
        rows = [f"{stem}\n{options(content.terms[:3])}" for stem in stems]
        text = "\n\n".join([content.title, CHOOSE[language], "\n".join(rows)]) + "\n"
        yield MadePaper(
            f"{language} choose {layout}.txt",
            text.encode(),
            0,
            choices=len(stems),
            kinds=("choice",) * len(stems),
        )


def _word(language: str, content: Content) -> Iterator[MadePaper]:
    head = [paragraph(run(content.title)), paragraph(run(content.fill))]
    items = [
        paragraph(run(f"{n}. {before}"), run("            ", underlined=True), run(after))
        for n, sentence in enumerate(content.sentences, 1)
        for before, after in [sentence.split("{}")]
    ]
    questions = [paragraph(run(f"{n}. {q}")) for n, q in enumerate(content.questions, 1)]
    terms = shuffled(content.terms)
    made = MadePaper("", b"", 5, content.terms, len(content.questions))
    for name, bank in (
        ("one cell", [table(("   ".join(terms),))]),
        ("cells", [table(tuple(terms[:3]), (*terms[3:], " "))]),
        ("a line", [paragraph(run(" – ".join(terms)))]),
        ("paragraphs", [paragraph(run(term)) for term in terms]),
    ):
        yield replace(
            made, name=f"{language} word {name}.docx", data=docx(*head, *bank, *items, *questions)
        )
    rows = [(term, "") for term in content.terms]
    cells = table((content.label, content.title), *rows)
    yield MadePaper(f"{language} cells as gaps.docx", docx(*head[:1], cells, *questions), 5, (), 2)


def _pdf(language: str, content: Content) -> Iterator[MadePaper]:
    terms = "      ".join(shuffled(content.terms))
    made = MadePaper("", b"", 5, content.terms, len(content.questions))
    lines = [(60, 800, content.title), (60, 770, content.fill), (70, 740, terms)]
    drawn = [(60, 730, 540, 730), (60, 755, 540, 755), (60, 730, 60, 755), (540, 730, 540, 755)]
    y = 700
    for number, sentence in enumerate(content.sentences, 1):
        before, after = sentence.split("{}")
        start = 60 + 6 * len(f"{number}. {before}")
        lines += [(60, y, f"{number}. {before.strip()}"), (start + 90, y, after.strip())]
        drawn.append((start, y - 2, start + 85, y - 2))
        y -= 20
    for number, question in enumerate(content.questions, 1):
        y -= 24
        lines.append((60, y, f"{number}. {question}"))
        for _ in range(2):
            y -= 24
            drawn.append((60, y, 540, y))
    lines.append((60, 30, f"{content.title} - 1"))
    yield replace(
        made, name=f"{language} drawn lines and box.pdf", data=placed_pdf([(lines, drawn)])
    )
