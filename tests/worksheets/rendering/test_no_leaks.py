"""What a pupil's page never holds: right answers, foreseen ones, models, rubrics."""

from __future__ import annotations

import re
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import Cast
from tests.reported import reported
from tests.worksheets.sheets import CAUSES, EVERYTHING, HIDDEN, hand_in, place
from worksheets.markup import Sheet
from worksheets.models import Feedback
from worksheets.questions import parse_sheet
from worksheets.rendering import render_sheet
from worksheets.rendering.document import PictureFile
from worksheets.rendering.filling import Filling
from worksheets.rendering.results import Results, shown_to_pupil

SAMPLE = (resources.files("worksheets") / "samples" / "terror.md").read_text(encoding="utf-8")


def picture(name: str) -> PictureFile:
    return PictureFile(f"/{name}", 640, 480)


def filling(sheet: Sheet) -> str:
    return render_sheet(sheet, Filling(sheet, {}, {}, picture).widgets)


def result(sheet: Sheet, feedback: str, *, is_released: bool) -> str:
    shown = shown_to_pupil(feedback, is_released=is_released)
    return render_sheet(sheet, Results(sheet, {}, {}, shown, picture).widgets)


def secrets_of(sheet: Sheet) -> set[str]:
    """Everything that only the author and the marker know."""
    hidden = {q.model for q in sheet.questions} | {q.rubric for q in sheet.questions}
    for gap in sheet.gaps:
        hidden |= {wrong.feedback for wrong in gap.anticipated}
    return {text for text in hidden if text}


@pytest.mark.parametrize("source", [SAMPLE, CAUSES], ids=["sample", "causes"])
def test_no_model_rubric_or_feedback_is_on_the_page(source: str) -> None:
    sheet = parse_sheet(source)
    html = filling(sheet)
    assert len(secrets_of(sheet)) > 3
    for text in secrets_of(sheet):
        for line in filter(None, text.splitlines()):
            assert line[:40] not in html


def test_answers_stand_only_in_the_bank() -> None:
    """In the sample each bank word is in the bank's list and once in every select."""
    sheet = parse_sheet(SAMPLE)
    html = filling(sheet)
    without_lists = re.sub(r"<select.*?</select>|<aside.*?</aside>", "", html, flags=re.S)
    (bank,) = sheet.banks
    # 'Comintern' and the countries are also words of the text itself.
    in_text = {word for word in bank.words if word in re.sub(r"___.*?___", "", SAMPLE)}
    for gap in sheet.gaps:
        for accepted in gap.accepted:
            if accepted.text not in in_text and accepted.text not in _plain_text(sheet):
                assert accepted.text not in without_lists
            if accepted.text not in bank.words and accepted.text not in _plain_text(sheet):
                assert accepted.text not in html


def _plain_text(sheet: Sheet) -> str:
    """The sample as it stands on paper: without what is between the gaps' marks."""
    text = re.sub(r"___.*?___", "______", SAMPLE)
    return re.sub(r"^(model|rubric):.*$|\[\[.*?\]\]", "", text, flags=re.M | re.S)


def test_every_select_offers_the_same_words_in_the_same_order() -> None:
    selects = re.findall(r"<select[^>]*>(.*?)</select>", filling(parse_sheet(SAMPLE)), flags=re.S)
    assert len(selects) == 8
    assert len(set(selects)) == 1


WORD = st.text("abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=12)


@reported("R08")
@given(st.lists(WORD, min_size=1, max_size=5, unique=True), WORD, WORD)
def test_no_answer_to_a_typed_gap_is_on_the_page(
    words: list[str], wrong: str, feedback: str
) -> None:
    answers = [f"Qz{word}" for word in words]
    gaps = " and ".join(
        f"___{answer} | Zq{answer} | !Xq{wrong}: Vq{feedback}___" for answer in answers
    )
    sheet = parse_sheet(f"# Typed\n\nThe words {gaps} are missing.\n\n{gaps}\n")
    assert len(sheet.gaps) == 2 * len(words)
    html = filling(sheet)
    assert "Qz" not in html
    assert not any(start in html for start in ("Zq", "Xq", "Vq"))


@given(st.lists(WORD, min_size=2, max_size=6, unique=True))
def test_every_typed_gap_looks_the_same(words: list[str]) -> None:
    """No width, no length, no pattern tells of the answer."""
    sheet = parse_sheet("# Typed\n\n" + "\n\n".join(f"___{word}___" for word in words))
    inputs = re.findall(r"<input[^>]*>", filling(sheet))
    assert len(inputs) == len(words)
    assert len({re.sub(r"\d+", "", one) for one in inputs}) == 1


@pytest.mark.parametrize("feedback", [Feedback.SCORE, Feedback.CORRECTNESS])
@pytest.mark.parametrize("is_released", [False, True])
def test_the_result_gives_no_answer_away_unless_the_policy_says_so(
    feedback: str, is_released: bool
) -> None:
    sheet = parse_sheet("# Typed\n\nThe ___Qzanswer | Zqother | !Xqwrong: Vqfeedback___.")
    html = result(sheet, feedback, is_released=is_released)
    assert not any(word in html for word in ("Qz", "Zq", "Xq", "Vq"))
    assert "Qzanswer" in result(sheet, Feedback.ANSWERS, is_released=is_released)


@pytest.mark.parametrize("feedback", Feedback.values)
@pytest.mark.parametrize("is_released", [False, True])
def test_models_and_rubrics_are_never_a_pupils(feedback: str, is_released: bool) -> None:
    html = result(parse_sheet(CAUSES), feedback, is_released=is_released)
    assert not any(text in html for text in HIDDEN)


def test_nor_are_they_on_any_whole_page_of_a_pupil(cast: Cast) -> None:
    assignment = place(cast)
    pages = [cast.amina.client.get(cast.amina.url("home")).content.decode()]
    hand_in(assignment, cast.amina, EVERYTHING)
    pages.append(cast.amina.client.get(cast.amina.url("home")).content.decode())
    for page in pages:
        assert not any(text in page for text in HIDDEN)
        assert "Ethiopia" not in page  # right as well, but not in the bank
    teachers = cast.ruth.client.get(
        cast.ruth.url("attempt", number=assignment.attempts.get().pk)
    ).content.decode()
    assert all(text in teachers for text in HIDDEN)


@reported("R07")
def test_words_of_a_bank_with_signs_of_html_are_text() -> None:
    html = filling(
        parse_sheet('a ___<b>___ b\n\n[[ <b> | &amp; | "q" | a\\|b | x\\] | <img onerror> ]]')
    )
    for word in ("&lt;b&gt;", "&amp;amp;", "&quot;q&quot;", "a|b", "x]", "&lt;img onerror&gt;"):
        assert f'<li data-word="{word}">{word}</li>' in html


@given(st.text(max_size=200))
def test_any_text_is_rendered_without_a_tag_of_its_own(source: str) -> None:
    html = filling(parse_sheet(f"<script>alert(1)</script> {source}\n\n<img src=x onerror=y>"))
    assert "<script" not in html
    assert "onerror" not in re.sub(r"&lt;.*?&gt;", "", html)
