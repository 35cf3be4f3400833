"""Rankings on paper."""

from __future__ import annotations

import re
from collections import Counter
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.work import lines_run
from worksheets.formats.paper import to_markup

SOME = "A title\n\nSome words come first, so that the task is neither title nor all there is.\n\n"
NUMBERED = "1. ____  2. ____  3. ____"


def rankings(text: str) -> list[str]:
    """Return what stands behind each 'rank:' directly under '???'."""
    return re.findall(r"^\?\?\?\nrank:(?: (.+))?$", to_markup(text).source, re.MULTILINE)


def codes(text: str) -> list[str]:
    return [caution.code for caution in to_markup(text).warnings]


def test_the_things_leave_the_sentence() -> None:
    paper = (
        f"Rank the causes in order of importance:\neconomic, diplomatic, political\n{NUMBERED}\n"
    )
    assert to_markup(paper).source == (
        "Rank the causes in order of importance:\n\n???\nrank: economic | diplomatic | political\n"
    )


@pytest.mark.parametrize(
    "sentence",
    [
        "Rank the causes in order of importance",
        "3. Rank the causes from most to least important",
        "Read the text again and rank the causes",
        "RANK THE CAUSES",
        "Put the causes in the right order",
        "Place the causes in order of importance",
        "Arrange these in chronological order",
        "Can you put these in the order in which they happened",
        "Number the causes 1-3",
        "Write the causes in order of importance",
        "Ordne die Ursachen nach ihrer Wichtigkeit",
        "Ordnen Sie die Ursachen von der wichtigsten bis zur unwichtigsten",
        "Bringe die Ursachen in die richtige Reihenfolge",
        "Nummeriere die Ursachen",
        "Sortiert die Ereignisse chronologisch",
        "Classez les causes par ordre d’importance",
        "Classe-les de la plus importante à la moins importante",
        "Mettez les causes dans l’ordre",
        "Remets les événements dans l'ordre chronologique",
        "Numérotez les causes",
    ],
)
class TestSentences:
    def test_with_numbered_blanks(self, sentence: str) -> None:
        paper = f"{SOME}{sentence}: economic, diplomatic, political\n{NUMBERED}\n"
        assert rankings(paper) == ["economic | diplomatic | political"]
        assert f"{sentence}:\n\n???" in to_markup(paper).source.replace("# 3.", "3.")

    def test_with_a_blank_beside_each(self, sentence: str) -> None:
        paper = f"{SOME}{sentence}:\n___ Economic\n___ Diplomatic\n___ Political\n"
        assert rankings(paper) == ["Economic | Diplomatic | Political"]


@pytest.mark.parametrize(
    "blanks",
    [
        "1. ____\n2. ____\n3. ____",
        "1. ____\n\n2. ____\n\n3. ____",
        "1) ____  2) ____  3) ____",
        "(1) ____\n(2) ____\n(3) ____",
        "a) ____\nb) ____\nc) ____",
        "1 ____ 2 ____ 3 ____",
        "1st ____ 2nd ____ 3rd ____",
        f"1. {'_' * 60}\n2. {'_' * 60}\n3. {'_' * 60}",
        "1. ......... 2. ......... 3. .........",
        "1. ……… 2. ……… 3. ………",
        "1. [ ]  2. [ ]  3. [ ]",
        "1.\n2.\n3.",
        "| 1 |  |\n| --- | --- |\n| 2 |  |\n| 3 |  |",
        "1. ____ > 2. ____ > 3. ____",
        "____ > ____ > ____",
        "My order: ____, ____, ____",
    ],
)
def test_blanks_to_write_in(blanks: str) -> None:
    paper = f"{SOME}Rank the causes (economic, diplomatic, political).\n{blanks}\n\nIt is so.\n"
    assert rankings(paper) == ["economic | diplomatic | political"]
    assert "Rank the causes." in to_markup(paper).source
    assert "__" not in to_markup(paper).source


@pytest.mark.parametrize(
    "things",
    [
        "___ Economic\n___ Diplomatic\n___ Political",
        "[ ] Economic\n[ ] Diplomatic\n[ ] Political",
        "( ) Economic\n\n( ) Diplomatic\n\n( ) Political",
        "☐ Economic\n☐ Diplomatic\n☐ Political",
        "… Economic\n… Diplomatic\n… Political",
        "- ____ Economic\n- ____ Diplomatic\n- ____ Political",
        "a) ____ Economic\nb) ____ Diplomatic\nc) ____ Political",
        "Economic ____\nDiplomatic ____\nPolitical ____",
        "• Economic ......\n• Diplomatic ......\n• Political ......",
        "1. Economic ____\n2. Diplomatic ____\n3. Political ____",
        "Economic: ____\nDiplomatic: ____\nPolitical: ____",
        "Economic 1. ____\nDiplomatic 2. ____\nPolitical 3. ____",
        "___ Economic ___ Diplomatic ___ Political",
        "| Economic | |\n| --- | --- |\n| Diplomatic | |\n| Political | |",
        "| Event | Number |\n|:--|:-:|\n| Economic |  |\n| Diplomatic |  |\n| Political |  |",
        "| 1 | Economic | ___ |\n| 2 | Diplomatic | ___ |\n| 3 | Political | ___ |",
        "Name: ______ Class: ______\n___ Economic\n___ Diplomatic\n___ Political",
        "(1 = first, 3 = last)\n___ Economic\n___ Diplomatic\n___ Political",
        "___ Economic\n___ Diplomatic\n___ Political\n\nOrder: 1. ___ 2. ___ 3. ___",
    ],
)
def test_blanks_to_number(things: str) -> None:
    paper = f"{SOME}Number the events in the right order.\n{things}\n\nExplain it: ______\n"
    assert rankings(paper) == ["Economic | Diplomatic | Political"]
    assert "Explain it: ______" in to_markup(paper).source


@pytest.mark.parametrize(
    "things",
    [
        "___ Germany invades Poland and\nbegins the war\n___ Peace\n___ Debt",
        "Germany invades Poland and\nbegins the war ___\nPeace ___\nDebt ___",
        "- Germany invades Poland and\nbegins the war ___\n- Peace ___\n- Debt ___",
        "Peace ___\nDebt ___\nGermany invades Poland and\nbegins the war ___",
    ],
)
def test_a_thing_that_was_wrapped(things: str) -> None:
    (found,) = rankings(f"{SOME}Number the events.\n{things}\n")
    assert "Germany invades Poland and begins the war" in found.split(" | ")
    assert len(found.split(" | ")) == 3


@pytest.mark.parametrize(
    "task",
    [
        f"Rank the causes: Economic, Diplomatic, Political.\n{NUMBERED}",
        f"Rank the causes: Economic, Diplomatic, Political. {NUMBERED}",
        f"Rank the causes: Economic, Diplomatic, Political {NUMBERED}",
        f"Rank the causes: Economic, Diplomatic and Political.\n{NUMBERED}",
        f"Rank the causes: Economic, Diplomatic, Political. Explain your choice.\n{NUMBERED}",
        f"Rank the causes (Economic / Diplomatic / Political).\n{NUMBERED}",
        f"Rank the causes – Economic, Diplomatic, Political – by importance.\n{NUMBERED}",
        f"Rank the causes.\n- Economic\n- Diplomatic\n- Political\n{NUMBERED}",
        f"Rank the causes.\n\n• Economic\n\n• Diplomatic\n\n• Political\n\n{NUMBERED}",
        f"Rank the causes.\nA. Economic\nB. Diplomatic\nC. Political\n{NUMBERED}",
        f"Rank the causes.\nA. Economic B. Diplomatic C. Political\n{NUMBERED}",
        f"Rank the causes.\nEconomic\nDiplomatic\nPolitical\n{NUMBERED}",
        f"Rank the causes\nEconomic, Diplomatic, Political\n{NUMBERED}",
        f"Rank the causes.\n\nEconomic   Diplomatic   Political\n\n{NUMBERED}",
        f"Rank the causes.\n\nEconomic Diplomatic Political\n\n{NUMBERED}",
        f"Rank the causes.\n[ Economic | Diplomatic | Political ]\n{NUMBERED}",
        f"Rank the causes.\n| Economic, Diplomatic, Political |\n| --- |\n{NUMBERED}",
        f"Rank the causes.\nWord box: Economic, Diplomatic, Political\n{NUMBERED}",
        f"Rank the causes.\n\n{NUMBERED}\n\nEconomic • Diplomatic • Political",
        f"Rank the causes.\n\n{NUMBERED}\n\nWord box: Economic, Diplomatic, Political",
        f"Rank the causes.\n\n{NUMBERED}\n\n- Economic\n- Diplomatic\n- Political",
        f"The causes:\n- Economic\n- Diplomatic\n- Political\n\nRank them.\n{NUMBERED}",
        f"The causes were: Economic, Diplomatic, Political.\n\nRank them.\n{NUMBERED}",
        "Rank the causes.\n1. ____ Economic\n2. ____ Diplomatic\n3. ____ Political",
    ],
)
def test_where_the_things_are(task: str) -> None:
    assert rankings(f"{SOME}{task}\n") == ["Economic | Diplomatic | Political"]
    assert rankings(f"{task}\n\n4. Why was it so?") == ["Economic | Diplomatic | Political"]


def test_what_would_be_harmed_stays_in_its_sentence() -> None:
    source = to_markup(f"Rank these: war, famine and debt.\n{NUMBERED}\n").source
    assert source == "Rank these: war, famine and debt.\n\n???\nrank: war | famine | debt\n"


def test_more_things_than_blanks() -> None:
    paper = "Rank the two most important causes: war, famine, debt\n1. ____\n2. ____\n"
    assert rankings(paper) == ["war | famine | debt"]


def test_a_bar_in_a_thing_is_guarded() -> None:
    assert rankings(f"Rank these: a|b, c, d\n{NUMBERED}") == [r"a\|b | c | d"]


@pytest.mark.parametrize(
    ("paper", "markup"),
    [
        (
            f"Rank these (3 marks): war, famine, debt\n{NUMBERED}\n",
            "Rank these (3 marks):\n\n???\nrank: war | famine | debt\n",
        ),
        (
            f"Rank these: war, famine, debt (3 marks)\n{NUMBERED}\n",
            "Rank these:\n\n??? 3 marks\nrank: war | famine | debt\n",
        ),
        (
            f"Rank these: war, famine, debt\n{NUMBERED} (3 marks)\n",
            "Rank these:\n\n???\nrank: war | famine | debt\n\n(3 marks)\n",
        ),
        (
            "Rank these: war, famine\nMost important: ____\nLeast important: ____\n",
            "Rank these:\n\nMost important:\n\n???\nrank: war | famine\n\nLeast important:\n",
        ),
    ],
)
def test_words_beside_the_things_and_blanks_stay(paper: str, markup: str) -> None:
    assert to_markup(paper).source == markup


def test_the_task_is_no_heading_and_the_next_question_keeps_its_number() -> None:
    paper = f"{SOME}2. Rank The Causes\n\n{NUMBERED}\n\n3. Why was it so?\n"
    assert "\n2. Rank The Causes\n\n???\nrank:\n\n3. Why was it so?\n" in to_markup(paper).source


class TestCautions:
    def test_the_line_is_that_of_the_things(self) -> None:
        imported = to_markup(f"{SOME}Rank these: war, famine, debt\n{NUMBERED}\n\nIt is so.\n")
        (caution,) = [c for c in imported.warnings if c.code == "check-ranking"]
        assert imported.source.split("\n")[caution.line - 1] == "rank: war | famine | debt"
        assert str(caution).startswith(f"Line {caution.line}: This looks like a ranking")

    def test_things_that_are_not_found_are_asked_for(self) -> None:
        imported = to_markup(f"{SOME}Rank the causes.\n{NUMBERED}\n\nIt is so.\n")
        (caution,) = [c for c in imported.warnings if c.code == "empty-ranking"]
        assert imported.source.split("\n")[caution.line - 2 : caution.line] == ["???", "rank:"]

    def test_an_answer_box_for_the_reason_stays_one(self) -> None:
        blank = "_" * 60
        source = to_markup(f"Rank the causes.\n{NUMBERED}\nExplain your order: {blank}\n").source
        assert source.endswith("rank:\n\nExplain your order:\n\n???\n")


@pytest.mark.parametrize(
    "paper",
    [
        "1. ____ was the leader of Germany.\n2. ____ was the leader of Russia.",
        "Name three causes:\n1. ____\n2. ____\n3. ____",
        f"List three causes in order of importance: {NUMBERED}",
        f"Nenne drei Ursachen in der Reihenfolge ihrer Bedeutung: {NUMBERED}",
        f"Citez trois causes par ordre d'importance : {NUMBERED}",
        f"Rank the causes in your head. Then name three leaders: {NUMBERED}",
        f"Rank the causes. The three leaders were: {NUMBERED}",
        f"Rank the causes.\n\n2. Who were the leaders?\n{NUMBERED}",
        f"1. Rank the causes.\n2. Explain your choice.\n3. Name the leaders.\n{NUMBERED}",
        f"The rank of general was new.\n{NUMBERED}",
        f"He put the country in order.\n\n{NUMBERED}",
        f"Put the words into the gaps in order to complete the text.\n{NUMBERED}",
        "Put the verbs in the right order.\n1. ____ (go)\n2. ____ (be)",
        "Put the words in the right order.\n1. he / late / is ______\n2. is / she / tall ______",
        "Put the letters in the right order.\n1. tac ______\n2. odg ______",
        "Put the events in order. Complete it:\n1. ____ was the leader.\n2. ____ signed the pact.",
        "Listen and write the names in order.\nFirst ____\nThen ____\nFinally ____",
        "Write the events in order.\n1914 ______\n1917 ______",
        "Number the parts of the plant.\n___ leaf\n___ stem",
        "Put the events in order.\nName: ____\nClass: ____",
        "Put the events in order.\n| Date | Event |\n| --- | --- |\n| 1914 | |\n| 1917 | |",
        "Rank the causes.\n| Economic | | |\n| --- | --- | --- |\n| Political | | |",
        "Rank the causes.\n1. ____ because ____\n2. ____ because ____",
        "Rank: ____\nName: ____",
        f"Ordne die Begriffe den Bildern zu: Hund, Katze, Maus\n{NUMBERED}",
        f"Classe ces mots selon qu'ils sont : noms, verbes, adjectifs\n{NUMBERED}",
        "Rank the causes and explain.\n" + f"{'_' * 60}\n" * 2,
        "Rank the cause: war\n1. ____",
        "Rank the causes.\n" + "\n".join(f"{n}. ____" for n in range(1, 22)),
        "Rank the causes.\n" + "\n".join(f"____ Cause {chr(65 + n)}" for n in range(21)),
    ],
)
def test_what_is_no_ranking(paper: str) -> None:
    assert not re.search("^rank:", to_markup(f"{SOME}{paper}\n").source, re.MULTILINE)


def test_twenty_things() -> None:
    things = [f"Cause {chr(65 + number)}" for number in range(20)]
    paper = "Rank the causes.\n" + "\n".join(f"____ {thing}" for thing in things)
    assert rankings(paper) == [" | ".join(things)]


def test_two_rankings_between_other_questions() -> None:
    paper = (
        f"{SOME}1. Who was it?\n\n2. Rank these: war, famine, debt\n{NUMBERED}\n3. It was ____.\n"
        "4. Number the events.\n[ ] War\n[ ] Peace\n5. It was a ____ day.\n"
    )
    assert rankings(paper) == ["war | famine | debt", "War | Peace"]
    assert "3. It was ______." in to_markup(paper).source
    assert "5. It was a ______ day." in to_markup(paper).source


PIECES = [
    *("Rank the causes in order of importance", "1. Rank these:", "Put the events in order."),
    *("Number the events 1-3:", "Ordne die Ursachen chronologisch:", "Mettez-les dans l'ordre :"),
    *("economic, diplomatic, political", "war, famine and debt.", "(red, green, blue)"),
    *("alpha   beta   gamma", "Word box: red | green | blue", "Economic", "Political", "Task"),
    *("- Economic", "- Diplomatic", "• Political", "A. War", "B. Peace", "C. Debt", "a|b, c"),
    *(NUMBERED, "1. ____", "2. ____", "3. ____ (3 marks)", "a) ____", "b) ____", "____", "1."),
    *("___ Economic", "[ ] Diplomatic", "Political ____", "1. ____ was it", "____ > ____ > ____"),
    *("Most important: ____", "Least important: ____", "My order:", "(1 = first, 3 = last)"),
    *("Explain it: ____", "Because: ____", "Right: Russia", "Rank: Captain", "???", "Why so?"),
    *("Name: ____ Class: ____", "Name three leaders:", "____/3 P.", "| a | b |", "and goes on"),
    *("_" * 60, "", "", ""),
]


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("\n".join))
def test_no_word_of_a_task_is_lost(text: str) -> None:
    def words(of: str) -> Counter[str]:
        return Counter(re.findall(r"[^\W\d_]{2,}", of))

    source = to_markup(text).source
    assert not words(text) - words(source)
    assert words(source).keys() <= words(text).keys() | {"rank"}
    if rankings(text):
        assert to_markup(source).source == source


@pytest.mark.slow
@pytest.mark.parametrize(
    "shape",
    [
        "Rank a\n",
        "Rank a: b, \n",
        "Rank in order\n",
        f"Rank these: a, b, c\n{NUMBERED}\n",
        "Rank\n- a\n- b\n1. __\n",
        "Number the events\n__ a\n",
    ],
)
def test_work_grows_with_the_text(shape: str) -> None:
    small, large = (
        lines_run(partial(to_markup, shape * (count // len(shape)))) for count in (2_000, 8_000)
    )
    assert large < small * 5
