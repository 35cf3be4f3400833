"""What other tools give for a response, and what we give.

The left side is fact: each case was seen in that tool's own tests or by running it. The
right side is ours, under a sheet's everyday settings and (``strict``) where spelling and
punctuation count. Where the everyday mark differs on purpose, ``why`` says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from worksheets.words.key import Mode


@dataclass(frozen=True)
class PeerCase:
    id: str
    tool: str
    keys: tuple[tuple[str, ...], ...]  # the accepted answers, gap by gap
    response: tuple[str, ...]  # of several tries the last
    theirs: Fraction | None  # None: no mark
    ours: Fraction
    strict: Fraction | None = None  # None: the same as ours
    why: str = ""
    mode: Mode = Mode.TEXT
    tolerance: Decimal = Decimal(0)
    case_counts: bool = False
    group: str = ""
    bank: bool = False


@dataclass(frozen=True)
class OrderCase:
    id: str
    scheme: str  # the other tool's way of marking an order
    right: tuple[str, ...]
    given: tuple[str, ...]
    theirs: Fraction
    ours: Fraction  # by concordant pairs


PEER_CASES = (
    PeerCase(
        "001",
        "Moodle gapfill",
        (("cat",), ("mat",)),
        ("cat", "dog"),
        Fraction(1, 2),
        Fraction(1, 2),
    ),
    PeerCase(
        "005",
        "Moodle gapfill",
        (("cat",), ("mat",)),
        ("", ""),
        None,
        Fraction(0),
        why="submitted blank, a sheet earns 0; only before that is there no mark",
    ),
    PeerCase("006", "Moodle gapfill", (("cat",),), ("CAT",), Fraction(1), Fraction(1)),
    PeerCase(
        "010",
        "Moodle gapfill",
        (("gold", "silver", "bronze"), ("gold", "silver", "bronze"), ("gold", "silver", "bronze")),
        ("gold", "gold", "gold"),
        Fraction(1, 3),
        Fraction(1, 3),
        group="medals",
    ),
    PeerCase(
        "011",
        "Moodle gapfill",
        (("gold", "silver", "bronze"), ("gold", "silver", "bronze"), ("gold", "silver", "bronze")),
        ("gold", "gold", "gold"),
        Fraction(1),
        Fraction(1),
    ),
    PeerCase(
        "015",
        "Moodle gapfill",
        (("cat", "dog"), ("mat",)),
        ("catty", "mat"),
        Fraction(1, 2),
        Fraction(1, 2),
    ),
    PeerCase(
        "016",
        "Moodle gapfill",
        (("cat", "dog"),),
        ("the cat sat",),
        Fraction(1),
        Fraction(0),
        why="a right word somewhere in the response is not the answer",
    ),
    PeerCase("020", "Moodle gapfill", (("$i",),), ("$i",), Fraction(1), Fraction(1)),
    PeerCase(
        "021",
        "Moodle gapfill",
        (("U.S.S.R.",),),
        ("UxSxSxRx",),
        Fraction(1),
        Fraction(0),
        why="a stop is a stop, never any letter",
    ),
    PeerCase(
        "025",
        "Moodle gapfill",
        (("a+b",),),
        ("a+b",),
        Fraction(0),
        Fraction(1),
        why="a plus is a plus: there are no regular expressions",
    ),
    PeerCase("026", "Moodle gapfill", (("a+b",),), ("a+b",), Fraction(1), Fraction(1)),
    PeerCase("030", "Moodle gapfill", (("Россия",),), ("россия",), Fraction(1), Fraction(1)),
    PeerCase(
        "031",
        "Moodle gapfill",
        (("garçon",),),
        ("garcon",),
        Fraction(0),
        Fraction(1),
        strict=Fraction(0),
        why="one accent is one letter wrong: forgiven, and the spelling shown",
    ),
    PeerCase(
        "035",
        "Moodle gapfill",
        (("Anti-Comintern Pact",),),
        ("Anti Comintern Pact",),
        Fraction(0),
        Fraction(1),
        strict=Fraction(0),
        why="a hyphen and a space are the same",
    ),
    PeerCase(
        "036",
        "Moodle gapfill",
        (("Anti-Comintern Pact",),),
        ("Anti–Comintern Pact",),
        Fraction(0),
        Fraction(1),
        why="every dash is the same, even where spelling counts",
    ),
    PeerCase(
        "040",
        "Moodle gapfill",
        (("cat",),),
        ("cat",),
        Fraction(1, 3),
        Fraction(1),
        why="no penalty for earlier tries: what stands at the end is marked",
    ),
    PeerCase(
        "041",
        "Moodle short answer",
        (("frog",),),
        ("Frog",),
        Fraction(0),
        Fraction(0),
        mode=Mode.PATTERN,
        case_counts=True,
    ),
    PeerCase(
        "045",
        "Moodle short answer",
        (("F*og",),),
        ("Fog",),
        Fraction(1),
        Fraction(1),
        mode=Mode.PATTERN,
        case_counts=True,
    ),
    PeerCase(
        "046",
        "Moodle short answer",
        (("F*og",),),
        ("   Fat dog   ",),
        Fraction(1),
        Fraction(1),
        mode=Mode.PATTERN,
        case_counts=True,
    ),
    PeerCase(
        "050",
        "Moodle short answer",
        (("[a-z]",),),
        ("a",),
        Fraction(0),
        Fraction(0),
        mode=Mode.PATTERN,
        case_counts=True,
    ),
    PeerCase(
        "051",
        "Moodle short answer",
        (("[a-z]",),),
        ("[a-z]",),
        Fraction(1),
        Fraction(1),
        mode=Mode.PATTERN,
        case_counts=True,
    ),
    PeerCase(
        "055",
        "Moodle short answer",
        (("Fourth International",),),
        ("Fourth  International",),
        Fraction(0),
        Fraction(1),
        why="white space is folded",
        mode=Mode.PATTERN,
    ),
    PeerCase(
        "056",
        "Moodle short answer",
        (("don't",),),
        ("don’t",),
        Fraction(0),
        Fraction(1),
        why="every apostrophe is the same",
        mode=Mode.PATTERN,
    ),
    PeerCase(
        "060",
        "Moodle Cloze",
        (("Owl",), ("Pussy-cat",)),
        ("Owl", ""),
        Fraction(1, 2),
        Fraction(1, 2),
    ),
    PeerCase(
        "061",
        "Moodle Cloze",
        (("Owl",), ("Pussy-cat",)),
        ("Goat", "Pussy-cat"),
        Fraction(1, 2),
        Fraction(1, 2),
    ),
    PeerCase(
        "065",
        "Moodle drag words",
        (("quick",), ("fox",), ("lazy",)),
        ("quick", "", ""),
        Fraction(1, 3),
        Fraction(1, 3),
        bank=True,
    ),
    PeerCase(
        "066",
        "Moodle drag words",
        (("quick",), ("fox",), ("lazy",)),
        ("quick", "fox", "lazy"),
        Fraction(1),
        Fraction(1),
        bank=True,
    ),
    PeerCase(
        "070",
        "Moodle drag words",
        (("quick",), ("fox",), ("lazy",)),
        ("quick", "fox", "lazy"),
        Fraction(8, 9),
        Fraction(1),
        why="no penalty for earlier tries: what stands at the end is marked",
        bank=True,
    ),
    PeerCase(
        "071",
        "Moodle numerical",
        (("7",),),
        ("5.99",),
        Fraction(0),
        Fraction(0),
        mode=Mode.NUMBER,
        tolerance=Decimal("1"),
    ),
    PeerCase(
        "075",
        "Moodle numerical",
        (("7",),),
        ("6.29",),
        Fraction(0),
        Fraction(0),
        mode=Mode.NUMBER,
        tolerance=Decimal("0.7"),
    ),
    PeerCase(
        "076",
        "Moodle numerical",
        (("7",),),
        ("3.5",),
        Fraction(1),
        Fraction(0),
        why="a tolerance is so much more or less; there is no geometric one",
        mode=Mode.NUMBER,
        tolerance=Decimal("1"),
    ),
    PeerCase(
        "080",
        "H5P Blanks",
        (("browser", "web-browser"),),
        ("web-browser",),
        Fraction(1),
        Fraction(1),
        case_counts=True,
    ),
    PeerCase(
        "081",
        "H5P Blanks",
        (("Fourth International",),),
        ("Fourth  International",),
        Fraction(0),
        Fraction(1),
        why="white space is folded",
    ),
    PeerCase(
        "085",
        "H5P Blanks",
        (("Manchuria",),),
        ("Mancuria",),
        Fraction(1),
        Fraction(1),
        strict=Fraction(0),
    ),
    PeerCase("086", "H5P Blanks", (("Manchuria",),), ("Mancura",), Fraction(0), Fraction(0)),
    PeerCase("090", "H5P Blanks", (("cat",),), ("cot",), Fraction(0), Fraction(0)),
    PeerCase(
        "091",
        "H5P Blanks",
        (("1936",),),
        ("1935",),
        Fraction(1),
        Fraction(0),
        why="figures are never a slip",
    ),
    PeerCase(
        "095",
        "H5P Blanks",
        (("Anti-Comintern Pact",),),
        ("Comintern Pact",),
        Fraction(0),
        Fraction(0),
    ),
    PeerCase("096", "H5P Blanks", (("Comintern",),), ("Cominform",), Fraction(0), Fraction(0)),
    PeerCase(
        "100",
        "H5P Blanks",
        (("garçon",),),
        ("garcon",),
        Fraction(0),
        Fraction(1),
        strict=Fraction(0),
        why="one accent is one letter wrong: forgiven, and the spelling shown",
    ),
    PeerCase(
        "101",
        "H5P Blanks",
        (("garçon",),),
        ("garcon",),
        Fraction(1),
        Fraction(1),
        strict=Fraction(0),
    ),
    PeerCase(
        "105",
        "H5P Blanks",
        (("U.S.S.R.",),),
        ("USSR",),
        Fraction(0),
        Fraction(1),
        strict=Fraction(0),
        why="stops in abbreviations make no difference",
    ),
)

ORDER_CASES = (
    OrderCase(
        "116",
        "all_or_nothing",
        ("M", "O1", "O2", "D", "L", "E"),
        ("O2", "O1", "D", "L", "E", "M"),
        Fraction(0),
        Fraction(3, 5),
    ),
    OrderCase(
        "120",
        "relative_next_exclude_last",
        ("M", "O1", "O2", "D", "L", "E"),
        ("O2", "O1", "D", "L", "E", "M"),
        Fraction(2, 5),
        Fraction(3, 5),
    ),
    OrderCase(
        "121",
        "relative_next_include_last",
        ("M", "O1", "O2", "D", "L", "E"),
        ("E", "O1", "O2", "D", "L", "M"),
        Fraction(1, 2),
        Fraction(2, 5),
    ),
    OrderCase(
        "125",
        "longest_ordered_subset",
        ("M", "O1", "O2", "D", "L", "E"),
        ("E", "L", "D", "O2", "O1", "M"),
        Fraction(0),
        Fraction(0),
    ),
    OrderCase(
        "126",
        "longest_contiguous_subset",
        ("M", "O1", "O2", "D", "L", "E"),
        ("O1", "O2", "D", "L", "E", "M"),
        Fraction(5, 6),
        Fraction(2, 3),
    ),
    OrderCase(
        "130",
        "longest_ordered_subset",
        ("D", "E", "P"),
        ("D", "P", "E"),
        Fraction(2, 3),
        Fraction(2, 3),
    ),
    OrderCase(
        "131",
        "relative_to_correct",
        ("D", "E", "P"),
        ("D", "P", "E"),
        Fraction(2, 3),
        Fraction(2, 3),
    ),
    OrderCase(
        "135",
        "relative_to_correct",
        ("D", "E", "P"),
        ("E", "P", "D"),
        Fraction(1, 3),
        Fraction(1, 3),
    ),
    OrderCase(
        "136", "absolute_position", ("D", "E", "P"), ("P", "E", "D"), Fraction(1, 3), Fraction(0)
    ),
)
