"""The forms under which a text may be compared are few, and each is made once."""

from __future__ import annotations

import pytest

from worksheets.words import terms


def test_a_text_without_article_or_initials_is_prepared_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A class's essays are prepared on each page that arranges them."""
    prepared: list[str] = []
    close_up = terms._closed_up

    def counted(text: str) -> str:
        prepared.append(text)
        return close_up(text)

    monkeypatch.setattr(terms, "_closed_up", counted)
    assert terms.readings("fear of war, 5 km off") == (
        "fear of war 5 km off",
        "fear of war 5km off",
    )
    assert prepared == ["fear of war 5 km off"]
    prepared.clear()
    assert terms.readings("the j f k purge") == (
        "the j f k purge",
        "j f k purge",
        "the jfk purge",
        "jfk purge",
    )
    assert len(prepared) == 4
