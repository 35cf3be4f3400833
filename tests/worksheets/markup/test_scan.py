"""Top-level pieces: room to write, model answers, banks, options, pictures, footnotes."""

from __future__ import annotations

import pytest

from worksheets.markup import (
    BankBlock,
    Footnote,
    Heading,
    InterpretationBlock,
    OptionsBlock,
    Paragraph,
    PictureBlock,
    QuestionBlock,
    Text,
)
from worksheets.questions import parse_sheet

from .helpers import codes, gap_keys, shape, shown


class TestRoom:
    @pytest.mark.parametrize(
        "source",
        [
            "a\n???",
            "a\n\n   ???",
            "a ???",
            "a ??????",
            "a\n.........",
            "a\n\n.........\n\n.........",
            "a\n…………",
            "a\n. . . . . .",
            "a\n______\n______",
            "a\n______\n______\n______",
            "a\n    ......",
        ],
    )
    def test_room_ends_a_paragraph(self, source: str) -> None:
        assert shape(source) == ["Paragraph", "QuestionBlock"]
        assert parse_sheet(source).gaps == ()
        assert parse_sheet(source).problems == ()

    @pytest.mark.parametrize(
        "source", ["Really???", "a???", "??", "a ?? b", "what?? ", "a ??? b c"]
    )
    def test_this_is_no_room(self, source: str) -> None:
        assert shape(source) == ["Paragraph"]

    def test_room_ends_a_list(self) -> None:
        assert shape("1. a\n   - b\n     ???\n2. c ???") == [
            "NumberedList",
            "QuestionBlock",
            "NumberedList",
            "QuestionBlock",
        ]

    @pytest.mark.parametrize(
        "label", ["Your answer:", "Answer:", "answer", "Réponse :", "Ta réponse :", "Antwort:"]
    )
    def test_a_label_before_it_is_dropped(self, label: str) -> None:
        assert shape(f"{label} ???") == ["QuestionBlock"]

    def test_other_text_before_it_is_a_paragraph(self) -> None:
        sheet = parse_sheet("Answer in French: ??? 3 marks")
        assert sheet.blocks[0] == Paragraph((Text("Answer in French:"),))
        assert sheet.questions[0].prompt == "Answer in French:"

    def test_text_that_goes_on_after_it_is_text(self) -> None:
        assert shape("He said ??? and left ______") == ["Paragraph"]
        assert len(parse_sheet("He said ??? and left ______").gaps) == 1

    def test_a_question_mark_in_a_quotation_or_table_is_text(self) -> None:
        assert shape("> what ???") == ["Quotation"]
        assert shape("| a |\n|---|\n| ??? |") == ["Table"]

    def test_one_line_of_underscores_is_a_gap(self) -> None:
        assert len(parse_sheet("a\n\n______\n\nb").gaps) == 1

    def test_two_boxes_are_two_questions(self) -> None:
        assert [q.key for q in parse_sheet("???\n???").questions] == ["q1", "q2"]


class TestSecrets:
    def test_they_belong_to_the_answer_above(self) -> None:
        (question,) = parse_sheet("???\nmodel: one\ntwo\nrubric: three").questions
        assert (question.model, question.rubric) == ("one two", "three")

    def test_an_empty_line_may_stand_before_them(self) -> None:
        (question,) = parse_sheet("???\n\nrubric: three\n\nmodel: one").questions
        assert (question.model, question.rubric) == ("one", "three")

    def test_bullets_stay_on_their_lines(self) -> None:
        (question,) = parse_sheet("???\nrubric: marks for\n- a\n- b\n  c").questions
        assert question.rubric == "marks for\n- a\n- b c"

    def test_two_of_a_kind_are_kept(self) -> None:
        assert parse_sheet("???\nmodel: a\nmodel: b").questions[0].model == "a\nb"

    @pytest.mark.parametrize(
        "word",
        [
            "model",
            "Model",
            "MODEL",
            "model answer",
            "Model answers",
            "rubric",
            "Rubric ",
            "rubrics",
        ],
    )
    def test_the_words_are_known_however_they_are_written(self, word: str) -> None:
        sheet = parse_sheet(f"???\n{word}: SECRET")
        assert "SECRET" in sheet.questions[0].model + sheet.questions[0].rubric
        assert "SECRET" not in shown(sheet.blocks)

    @pytest.mark.parametrize(
        "source",
        [
            "model: SECRET",
            "text\nmodel: SECRET\nSECRET",
            "text\n\n   rubric: SECRET",
            "- a\n- b\n  model: SECRET",
            "???\ntext\nmodel: SECRET\nSECRET\n- SECRET",
            "(a) x\n(b) y\nmodel: SECRET",
            "A. x > y\nmodel: SECRET",
            "A. x > y >\nmodel: SECRET",
            "A. x > y\n> z >\nrubric: SECRET",
            "[^1]: x\nmodel: SECRET",
        ],
    )
    def test_elsewhere_they_are_an_error_and_never_shown(self, source: str) -> None:
        sheet = parse_sheet(source)
        assert "stray-model" in [p.code for p in sheet.errors]
        assert "SECRET" not in shown((sheet.blocks, sheet.footnotes, sheet.title))

    @pytest.mark.parametrize("source", ["**Model:** T", "Model\\: T", "The model: T", "Models: T"])
    def test_the_word_can_be_used_in_a_text(self, source: str) -> None:
        assert codes(source) == []
        assert "T" in shown(parse_sheet(source).blocks)

    @pytest.mark.parametrize(
        "line",
        [
            *("**model:** T", "**Model answer**: T", "Models: T", "modell: T", "Model Answer\nT"),
            *("model answer - T", "- Model answer: T", "> model: T", "## Answers", "Rubric = T"),
            *("mark scheme: T", "Marking scheme – T", "Answer: T", "Sample answers: T"),
            *("Solution: T", "Answer key: T", "Musterlösung: T", "Corrigé : T"),
            *("Rubrik: T", "Rubriken: T", "Beispielantwort: T", "Beispiellösungen: T"),
            *("Modellantwort: T", "Musterloesung: T", "MUSTERLÖSUNG: T", "Muster-Lösung: T"),
            *("Musterlo\u0308sung: T", "Lösungsvorschlag: T", "Lösungshinweise: T", "Lösung: T"),
            *("Mögliche Antwort: T", "Mögliche Lösungen: T", "Richtige Antwort: T", "Antwort: T"),
            *("Bewertungsschlüssel: T", "Bewertungskriterien: T", "Bewertungsmaßstab: T"),
            *("Korrekturhinweise: T", "Punkteverteilung: T", "Erwartung: T", "Erwartungshorizont"),
            *("Markscheme: T", "Mark-scheme: T", "Grading criteria: T", "Scoring guide: T"),
            *("Assessment criteria: T", "Marking notes: T", "Teacher's notes: T", "Exemplar: T"),
            *(
                "Example answer: T",
                "Ideal answer: T",
                "Indicative response: T",
                "Model response: T",
            ),
            *("Barème : T", "Barème de notation\u00a0: T", "Corrigé type : T", "Corrige: T"),
            *("Réponse attendue : T", "Réponses possibles: T", "Exemple de réponse : T"),
            *(
                "Grille d'évaluation : T",
                "Grille d\u2019évaluation : T",
                "Critères de correction: T",
            ),
            *("Éléments de réponse : T", "Clé de correction : T", "Solution type : T"),
            *(
                "Mark scheme：T",
                "Model：T",
                "Rubrik：T",
                "Rubric﹕ T",
                "Ｍｏｄｅｌ： T",
                "model\u2236 T",
            ),
            *("Model = T", "Rubrik – T", "Rubric — T", "Rubric ― T", "Rubric － T", "Answer → T"),
            *("**Rubrik：** T", "> Rubrik: T", "- Beispielantwort: T", "rubric：T"),
        ],
    )
    @pytest.mark.parametrize("above", ["???", "???\n", "Why?\n\n.........\n", "???\nrubric: x\n"])
    def test_what_looks_like_one_and_is_shown_is_pointed_out(self, above: str, line: str) -> None:
        (problem,) = parse_sheet(f"{above}\n{line}").problems
        assert (problem.code, problem.severity) == ("shown-model", "warning")
        assert problem.line == above.count("\n") + 2

    @pytest.mark.parametrize(
        "line",
        [
            *("Model\\: T", "Model-based learning", "Modelling: T", "The model: T", "Keys: T"),
            *("Answer ______ in the box", "Your answer:", "Answers differ", "Solution of salt"),
            *("Rubriken der Zeitung", "Antworte: ja oder nein", "Erwartungsvoll - wie immer"),
            *("Musterung: T", "Lösungsmittel: Wasser", "Punkte: 5", "Bewertet: T", "Beispiel: T"),
            *("Réponds : T", "Bar: T", "Grille de mots : T", "Keyboard: T", "Marked: T"),
            *("Teacher: T", "Criteria of Copenhagen: T", "Modell-Eisenbahn: T", "x" * 500 + ": T"),
        ],
    )
    def test_other_lines_below_are_not(self, line: str) -> None:
        assert "shown-model" not in codes(f"???\n{line}")

    @pytest.mark.parametrize("end", ["", "# x", "???", "[[ a ]]", "rubric: x"])
    def test_they_end_with(self, end: str) -> None:
        assert parse_sheet(f"???\nmodel: one\n{end}\n").questions[0].model == "one"

    @pytest.mark.parametrize("line", ["2. And why?", "The ______", "A. x > y", "![a](b.png)"])
    def test_a_line_that_looks_like_the_next_question_is_pointed_out(self, line: str) -> None:
        assert codes(f"???\nmodel: one\n{line}") == ["line-in-model"]


class TestBanks:
    @pytest.mark.parametrize(
        "source",
        [
            "[[a|b c|d]]",
            "[[ a | b c | d ]]",
            "[[ | a | b c | d | ]]",
            "[[\na\nb c\nd\n]]",
            "[[ a | b c\n d ]]",
            "   [[ a\n|b c|\nd\n   ]]",
        ],
    )
    def test_words(self, source: str) -> None:
        sheet = parse_sheet(source)
        assert sheet.banks[0].words == ("a", "b c", "d")
        assert sheet.blocks == (BankBlock(0),)
        assert sheet.problems == ()

    def test_it_ends_a_list(self) -> None:
        assert shape("- a\n  [[ b ]]\n- c") == ["BulletList", "BankBlock", "BulletList"]

    def test_text_may_follow_it(self) -> None:
        assert shape("[[ a ]] and more\n[[ b ]] ???") == [
            "BankBlock",
            "Paragraph",
            "BankBlock",
            "QuestionBlock",
        ]

    @pytest.mark.parametrize(
        "source", ["[[ a | b", "[[ a\n\nb ]]", "[[ a\n[[ b ]]", "[[ a\n# b\n]]"]
    )
    def test_without_an_end_it_stays_text(self, source: str) -> None:
        assert "unclosed-bank" in codes(source)
        assert shown(parse_sheet(source).blocks).startswith("[[ a")

    def test_inside_a_line_it_is_text(self) -> None:
        assert shape("from [[ a | b ]]") == ["Paragraph"]


class TestOptions:
    @pytest.mark.parametrize(
        "source", ["(a) x\n(b) y", "a) x\nb) y", "(a) x\n\n(b) y", " (a) x\n  b) y"]
    )
    def test_two_or_more(self, source: str) -> None:
        (block,) = parse_sheet(source).blocks
        assert isinstance(block, OptionsBlock)
        assert [(o.label, o.children) for o in block.options] == [
            ("a", (Text("x"),)),
            ("b", (Text("y"),)),
        ]

    def test_a_wrapped_line_goes_on(self) -> None:
        (block,) = parse_sheet("(a) one\ntwo\n(b) three\n   four").blocks
        assert shown(block) == "one two three four"

    @pytest.mark.parametrize("source", ["(a) alone", "(b) x\n(c) y", "(a) x\n\ntext", "(a)x\n(b)y"])
    def test_these_are_none(self, source: str) -> None:
        assert "OptionsBlock" not in shape(source)

    def test_they_end_a_paragraph_and_a_list(self) -> None:
        assert shape("1. asked\n(a) x\n(b) y\nz\n\ntext") == [
            "NumberedList",
            "OptionsBlock",
            "Paragraph",
        ]

    def test_a_letter_out_of_order_is_text_and_a_warning(self) -> None:
        assert codes("(a) x\n(b) y\n(d) z") == ["option-order"]
        assert shape("(a) x\n(b) y\n(d) z") == ["OptionsBlock", "Paragraph"]

    def test_they_may_hold_gaps_to_fill(self) -> None:
        sheet = parse_sheet("(a) ___x___\n(b) ___y___")
        assert gap_keys(sheet.blocks) == ["g1", "g2"]

    def test_a_second_list_begins_with_a(self) -> None:
        assert shape("(a) x\n(b) y\n(a) z\n(b) w") == ["OptionsBlock", "OptionsBlock"]


class TestInterpretations:
    @pytest.mark.parametrize(
        "head",
        [
            "A. x > y z > w",
            "A) x > y z > w",
            "  A. x > y z > w  ",
            "A. x > y z\n> w",
            "A. x >\ny z > w",
            "A. *x* > y z > w",
        ],
    )
    def test_the_order(self, head: str) -> None:
        (block,) = parse_sheet(f"{head}\n\ntext").blocks
        assert block == InterpretationBlock("A", ("x", "y z", "w"), (Paragraph((Text("text"),)),))

    @pytest.mark.parametrize(
        "source", ["A. no order", "a. x > y", "AB. x > y", "A.x > y", "A. x \\> y", "A. ____ > y"]
    )
    def test_these_are_none(self, source: str) -> None:
        assert shape(source) == ["Paragraph"]

    def test_its_text_runs_to_the_next_one(self) -> None:
        sheet = parse_sheet("A. x > y\none\n\ntwo\n\n- three\nB. y > x\nfour")
        first, second = sheet.blocks
        assert shown(first) == "one two three"
        assert shown(second) == "four"

    @pytest.mark.parametrize("end", ["1. next", "## next", "???", "(a) x\n(b) y", "[[ a ]]"])
    def test_its_text_ends_with(self, end: str) -> None:
        first, *rest = parse_sheet(f"A. x > y\none\n\n{end}").blocks
        assert shown(first) == "one"
        assert rest

    def test_without_a_text_it_is_a_warning(self) -> None:
        assert codes("A. x > y\n\nB. y > x\ntext") == ["empty-interpretation"]


class TestPictures:
    def test_a_picture_with_a_caption(self) -> None:
        (block,) = parse_sheet('![two men](a-b_1.png "*in* Moscow")').blocks
        assert isinstance(block, PictureBlock)
        assert (block.source, block.alternative) == ("a-b_1.png", "two men")
        assert shown(block.caption) == "in  Moscow"

    def test_it_ends_a_paragraph(self) -> None:
        assert shape("text\n![a](b.png)\ntext") == ["Paragraph", "PictureBlock", "Paragraph"]

    def test_its_caption_may_have_a_gap(self) -> None:
        assert gap_keys(parse_sheet('![a](b.png "in ___Moscow___")').blocks) == ["g1"]

    @pytest.mark.parametrize(
        "name", ["https://example.org/a.png", "../a.png", "/a.png", ".png", "ä.png", "data:x", ""]
    )
    def test_any_other_source_is_an_error(self, name: str) -> None:
        sheet = parse_sheet(f"![alternative]({name})")
        assert [p.code for p in sheet.errors] == ["picture-name"]
        assert sheet.blocks == (Paragraph((Text("alternative"),)),)

    def test_inside_a_text_it_is_an_error_and_its_alternative_text(self) -> None:
        sheet = parse_sheet("see ![a \\] b](c.png) here")
        assert [p.code for p in sheet.errors] == ["picture-in-text"]
        assert shown(sheet.blocks) == "see a ] b here"

    @pytest.mark.parametrize("source", ["![x ___SECRET___](a.png)", "t ![x ___SECRET___](a.png)"])
    def test_a_key_in_its_alternative_text_is_not_shown(self, source: str) -> None:
        sheet = parse_sheet(source)
        assert sheet.errors
        assert "SECRET" not in repr(sheet.blocks)


class TestFootnotes:
    def test_they_are_numbered_as_they_are_mentioned(self) -> None:
        sheet = parse_sheet("a[^y] b[^x] c[^y]\n\n[^x]: second\nwrapped\n\n[^y]: first")
        assert sheet.footnotes == (
            Footnote(1, (Text("first"),)),
            Footnote(2, (Text("second wrapped"),)),
        )

    def test_one_that_nothing_mentions_is_shown_last(self) -> None:
        sheet = parse_sheet("[^z]: unused\n\na[^y]\n\n[^y]: used")
        assert [shown(note) for note in sheet.footnotes] == ["used", "unused"]

    def test_it_is_no_block(self) -> None:
        assert shape("a[^1]\n\n[^1]: b") == ["Paragraph"]

    def test_one_without_a_note_stays_text(self) -> None:
        assert shown(parse_sheet("a[^1]").blocks) == "a[^1]"


def test_a_heading_may_be_closed() -> None:
    assert parse_sheet("## Part ##").blocks == (Heading(2, (Text("Part"),)),)
    assert parse_sheet("## C#").blocks == (Heading(2, (Text("C#"),)),)


def test_a_question_has_one_place() -> None:
    sheet = parse_sheet("???\n\nA. x > y\n???\n\n1. b ???")
    assert sheet.blocks[0] == QuestionBlock("q1")
    assert sheet.blocks[1] == InterpretationBlock("A", ("x", "y"), (), ("q2",))
    assert sheet.blocks[3] == QuestionBlock("q3")
