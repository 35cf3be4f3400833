"""A page that was opened before somebody else saved writes nothing over what stands now."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.cast import Cast
from tests.reported import reported
from tests.worksheets.sheets import CAUSES
from tests.worksheets.static.served import Served
from worksheets import authoring
from worksheets.models import Worksheet

pytestmark = pytest.mark.browser

OF_TUESDAY = CAUSES.replace("___Rhineland___", "___Rhineland | the Rhine___").replace(
    "??? 4 marks", "??? 5 marks"
)


@reported("desk-24")
def test_pages_of_monday_after_the_text_of_tuesday(cast: Cast, context: BrowserContext) -> None:
    worksheet = authoring.create(cast.ruth.user, CAUSES)
    editor = Served(context.new_page(), cast.ruth)
    keys = Served(context.new_page(), cast.ruth)
    editor.open("edit", number=worksheet.pk)
    keys.open("keys", number=worksheet.pk)
    field = editor.page.locator("#id_source")
    expect(field).to_have_value(CAUSES)
    keys.page.locator(".word-panel").first.wait_for(state="attached")

    worksheet = authoring.save(worksheet, OF_TUESDAY, seen=None)
    authoring.publish(worksheet)

    # The pages come to life again: nothing is written by that.
    for served in (editor, keys):
        served.page.goto("about:blank")
        served.page.go_back()
    expect(field).to_be_visible()
    assert editor.posted == keys.posted == []
    saved = Worksheet.objects.get(pk=worksheet.pk)
    assert saved.source == OF_TUESDAY

    editor.open("edit", number=worksheet.pk)
    expect(field).to_have_value(OF_TUESDAY)
    assert editor.posted == []


@reported("desk-24")
def test_what_is_typed_and_keyed_on_a_page_of_monday(cast: Cast, context: BrowserContext) -> None:
    worksheet = authoring.create(cast.ruth.user, CAUSES)
    editor = Served(context.new_page(), cast.ruth)
    keys = Served(context.new_page(), cast.ruth)
    editor.open("edit", number=worksheet.pk)
    keys.open("keys", number=worksheet.pk)
    field = editor.page.locator("#id_source")
    expect(field).to_have_value(CAUSES)
    gap = keys.page.locator("[name=g2] + button")
    gap.wait_for()
    worksheet = authoring.save(worksheet, OF_TUESDAY, seen=None)
    authoring.publish(worksheet)

    field.press("Control+End")
    field.press_sequentially("!")
    told = editor.page.locator("#elsewhere")
    expect(told).not_to_be_empty(timeout=15000)  # before anything is saved
    editor.page.get_by_role("button", name="Save", exact=True).click()
    expect(editor.page.get_by_text("Nothing was overwritten.")).to_be_visible()
    assert Worksheet.objects.get(pk=worksheet.pk).source == OF_TUESDAY
    # Both texts are kept: the other one as it was saved, this one on the page and as a draft.
    assert "!" in field.input_value()

    gap.click()
    keys.page.locator(".word-panel [data-word='Bavaria']").click()
    expect(keys.page.locator(".key-alert")).to_contain_text("changed")
    assert Worksheet.objects.get(pk=worksheet.pk).source == OF_TUESDAY
