"""The points to press are rendered once for each mark, however many answers a page has."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from django.template.loader import render_to_string

from worksheets.rendering.point_buttons import PointButtons
from worksheets.views.teacher.shown_answers import points_to_press

PRESSED = re.compile(r'value="([^"]+)"\s+aria-pressed="true"')


def test_the_mark_of_an_answer_is_pressed_and_nothing_is_rendered_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rendered: list[Any] = []

    def counted(name: str, context: dict[str, Any]) -> Any:
        rendered.append(context["mark"])
        return render_to_string(name, context)

    monkeypatch.setattr(f"{PointButtons.__module__}.render_to_string", counted)
    buttons = PointButtons(points_to_press(Decimal(2)))
    marks = [None, Decimal(1), Decimal("1.50"), Decimal("1.5"), None, Decimal("0.75"), Decimal(0)]
    found = [PRESSED.findall(buttons.pressed(mark)) for mark in marks]
    assert found == [[], ["1"], ["1.5"], ["1.5"], [], [], ["0"]]
    assert rendered == [None, Decimal(1), Decimal("1.5"), Decimal("0.75"), Decimal(0)]
    assert buttons.pressed(None).count("<button") == 5
    assert PointButtons([]).pressed(None).strip() == ""
