"""What was there before the library had a search is found by it."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from tests.cast import Cast
from worksheets import authoring
from worksheets.authoring.library import matching
from worksheets.models import Worksheet
from worksheets.models.worksheet import MAX_SEARCHED

MIGRATION = import_module("worksheets.migrations.0014_library")


@pytest.mark.parametrize("words", ["rhone", "rivers", "RIVERS Rhône"])
def test_title_and_text_are_searched(cast: Cast, words: str) -> None:
    authoring.create(cast.ruth.user, "# Rivers\n\nThe Rhône.")
    authoring.create(cast.ruth.user, "# Mountains")
    kept = list(Worksheet.objects.order_by("pk").values_list("searched", flat=True))
    Worksheet.objects.update(searched="")
    MIGRATION.fill_searched(apps, SimpleNamespace(connection=connection))
    assert list(Worksheet.objects.order_by("pk").values_list("searched", flat=True)) == kept
    assert [row.title for row in matching(Worksheet.objects.all(), words)] == ["Rivers"]


def test_it_keeps_as_much_as_the_model() -> None:
    assert MIGRATION.MAX_SEARCHED == MAX_SEARCHED
