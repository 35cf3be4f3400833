"""The language of a page: a launch names it; before and without one, the browser does."""

from __future__ import annotations

import re

import pytest

from lti_tool.protocol.vocabulary import Claim
from tests.lti_tool.launching import Answer, Browser
from tests.platform.launches import ABSENT, Platform

LOCALE = (Claim.LAUNCH_PRESENTATION.value, "locale")
GERMAN = {"Accept-Language": "de-CH,de;q=0.9,en;q=0.5"}


def language(answer: Answer) -> str:
    """As the page says it, to people's screen readers and to whoever passes it on."""
    found = re.search(r'<html lang="([^"]+)"', answer.text)
    assert found is not None
    assert answer.headers["content-language"] == found[1]
    return found[1]


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("de", "de"),
        ("de-AT", "de"),
        ("de_DE", "de"),
        ("de_du", "de"),
        ("DE", "de"),
        ("en", "en"),
        ("en-GB", "en"),
        ("fr", "en"),
        ("nds", "en"),
        ("x" * 35, "en"),
        ("<b>", "en"),
    ],
)
def test_a_launch_names_it(platform: Platform, direct: Browser, locale: str, expected: str) -> None:
    address = direct.launch(platform, {LOCALE: locale}).location
    assert language(direct.get(address)) == expected
    assert language(direct.get(address, headers=GERMAN)) == expected


def test_a_launch_that_names_none_has_the_browsers(platform: Platform, direct: Browser) -> None:
    address = direct.launch(platform, {LOCALE: ABSENT}).location
    assert language(direct.get(address)) == "en"
    assert language(direct.get(address, headers=GERMAN)) == "de"


def test_a_page_that_may_not_be_seen_is_in_the_launchs_language_too(
    platform: Platform, direct: Browser
) -> None:
    address = direct.launch(platform, {LOCALE: "de"}).location
    refused = direct.get(f"{address}worksheets/")
    assert refused.status == 403
    assert language(refused) == "de"
    assert "Diese Seite ist für Lehrkräfte" in refused.text


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/", "Arbeitsblätter für Ihr LMS"),
        (
            "/lti/register/",
            "Sie brauchen einen Registrierungslink, um hier ein LMS zu registrieren",
        ),
        ("/lti/launch/", "Diese Seite wurde nicht aus dem Kurs geöffnet."),
        ("/lti/login/", "Die Lernplattform hat nicht gesagt, was geöffnet werden soll."),
        (f"/a/{'x' * 60}/", "Diese Seite wurde aus Sicherheitsgründen geschlossen"),
        ("/nothing", "Seite nicht gefunden"),
    ],
)
def test_pages_outside_a_launch_have_the_browsers(direct: Browser, path: str, words: str) -> None:
    german = direct.get(path, headers=GERMAN)
    assert language(german) == "de"
    assert words in german.text
    assert "Accept-Language" in german.headers["vary"]
    french = direct.get(path, headers={"Accept-Language": "fr"})
    assert language(french) == "en"
    assert words not in french.text
