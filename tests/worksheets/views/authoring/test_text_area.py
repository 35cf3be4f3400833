"""Places as the text area's script counts them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from worksheets.views.authoring.text_area import TextArea

texts = st.text(st.sampled_from("a\t\ufeff😀🏳\n") | st.characters(codec="utf-16"), max_size=30)


@given(texts, texts, texts)
def test_a_place_is_counted_in_utf_16_and_with_one_character_a_line_end(
    before: str, selected: str, after: str
) -> None:
    before, selected, after = (
        text.replace("\r", "").replace("\n", "\r\n") for text in (before, selected, after)
    )
    found = TextArea(before + selected + after).extent(len(before), len(before + selected))
    value = (before + selected + after).replace("\r\n", "\n").encode("utf-16-le")
    text = value[2 * found.start : 2 * found.end].decode("utf-16-le")
    assert text == selected.replace("\r\n", "\n")


def test_examples() -> None:
    assert TextArea("😀\r\n____\r\n").extent(3, 7) == (3, 7)
    assert TextArea("\ufeffa\r____").extent(3, 7) == (3, 7)
    assert TextArea("a\r\n\r\n____").extent(5, 9) == (3, 7)
    assert TextArea("").extent(0, 0) == (0, 0)


@given(texts)
def test_a_place_of_the_text_area_is_one_of_the_text(text: str) -> None:
    source = text.replace("\r", "")
    area = TextArea(source)
    for offset in range(len(source) + 1):
        assert area.index(area.extent(offset, offset).start) == offset
    longest = len(source.encode("utf-16-le")) // 2
    indexes = [area.index(offset) for offset in range(longest + 1)]
    assert indexes == sorted(indexes)
    assert indexes[-1] == len(source)
