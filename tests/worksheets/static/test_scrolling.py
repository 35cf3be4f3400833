"""Whoever scrolls with the focus in a field changes nothing in it, on no page for staff."""

from __future__ import annotations

import inspect
import pkgutil
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django import forms
from playwright.sync_api import BrowserContext, Locator, Page, expect

import worksheets.views
from lti_tool.server import paths
from tests.cast import Cast
from tests.reported import reported
from tests.worksheets.sheets import CAUSES, hand_in, marks_of, place, publish
from tests.worksheets.static.served import Served
from worksheets.views.fields import NumberField


def stays(page: Page, field: Locator) -> None:
    """Scroll by wheel and by keys with the focus in the field: the page moves, the value stays."""
    field.focus()
    before = field.input_value()
    box = field.bounding_box()
    assert box
    page.mouse.move(box["x"] + 8, box["y"] + box["height"] / 2)
    for way in (120, -120):
        at = page.evaluate("scrollY")
        for _ in range(5):
            page.mouse.wheel(0, way)
        if way > 0:
            page.wait_for_function("(at) => scrollY > at", arg=at)
        expect(field).to_have_value(before)
    for key in ("ArrowUp", "ArrowUp", "ArrowDown", "PageDown", "PageUp"):
        page.keyboard.press(key)
        expect(field).to_have_value(before)


@pytest.mark.browser
@reported("desk-02")
def test_marks_points_and_dates_stay(cast: Cast, context: BrowserContext) -> None:
    assignment = place(cast)
    work = hand_in(assignment, cast.amina)
    served = Served(context.new_page(), cast.ruth)
    page = served.page
    page.set_viewport_size({"width": 770, "height": 300})

    served.open("attempt", number=work.pk)
    field = page.get_by_label("Mark / 4")
    field.press_sequentially("4")
    stays(page, field)
    field.press("Enter")
    expect(page.get_by_text("Saved.").first).to_be_visible()
    assert marks_of(work)["q1"] == 4

    served.open("mark-question", item="q1")
    page.locator(".scripted").wait_for()
    page.get_by_text("Keys", exact=True).click()
    page.get_by_label("Single keys").uncheck()
    page.get_by_text("Keys", exact=True).click()
    field = page.locator(".answer").get_by_label("Mark / 4")
    field.fill("2,5")
    stays(page, field)
    field.press("Enter")
    expect(page.locator("[data-state]")).to_contain_text("saved")
    expect(page.locator("[data-kept]")).to_have_text("")
    assert str(marks_of(work)["q1"].normalize()) == "2.5"

    edition = publish(cast.ruth.user, CAUSES)
    served.open("keys", "item=q1", number=edition.worksheet_id)
    field = page.locator("#key-marks")
    expect(field).to_have_value("4")
    stays(page, field)

    served.open("assign", number=edition.pk)
    for part in page.locator("details:not([open]) > summary").all():
        part.click()
    for name in ("Opens at", "Closes at"):
        field = page.get_by_label(name)
        field.fill("2027-03-08T10:30")
        stays(page, field)
    assert served.complaints == []


def form_classes() -> set[type[forms.Form | forms.ModelForm[Any]]]:
    modules = [
        import_module(found.name)
        for found in pkgutil.walk_packages(worksheets.views.__path__, "worksheets.views.")
    ]
    return {
        one
        for module in modules
        for _name, one in inspect.getmembers(module, inspect.isclass)
        if issubclass(one, forms.Form | forms.ModelForm)
        and one.__module__.startswith("worksheets.")
    }


def test_numbers_are_typed_into_fields_for_text() -> None:
    """In a field for numbers a wheel over it, or an arrow, changes what was typed."""
    found = form_classes()
    assert len(found) > 5
    for form in found:
        for name, field in form.base_fields.items():
            assert getattr(field.widget, "input_type", "") != "number", (form, name)
    for path in Path(paths.TEMPLATES).rglob("*.html"):
        assert 'type="number"' not in path.read_text(encoding="utf-8"), path
    field = NumberField(max_digits=9, decimal_places=2)
    typed = ("2,5", " 2.5 ", "٢٫٥", "２．５", "२,५", "3", "2,")
    assert [field.clean(text) for text in typed] == [*[Decimal("2.5")] * 5, 3, 2]
    for text in ("2.,5", "1_0", "NaN", "Infinity", "5²", "1.000,5", "0x1", "."):
        with pytest.raises(forms.ValidationError):
            field.clean(text)
