"""Telling whoever delivers that there is something to deliver."""

from __future__ import annotations

from django.conf import settings
from django.utils.module_loading import import_string


def wake() -> None:
    """Wake the deliverer that the settings name, once a score is saved.

    Nothing depends on it: what is due is found without it, a little later.
    """
    import_string(settings.LTI_WAKE)()
