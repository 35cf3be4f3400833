"""Browsers get our scripts and style sheets small, and the same in what they do."""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client, RequestFactory
from playwright.sync_api import Browser
from pytest_django import Settings

from lti_tool.server.minified_files import is_ours, minified_files, minify
from tests import ROOT

LOCALHOST = {"host": "localhost:8001"}
GZIP = {**LOCALHOST, "Accept-Encoding": "gzip, deflate"}
SCRIPT, STYLE = "worksheets/gaps.js", "worksheets/sheet.css"
THIRD_PARTY = "django_htmx/htmx-2.js"

# A browser's reading of a style sheet. What stands behind a custom property is kept as it is
# written, so blanks that mean nothing may differ there.
RULES = """text => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  return [...sheet.cssRules].map((rule) => rule.cssText);
}"""


def ours(ending: str) -> list[str]:
    folders = [ROOT / package / "static" for package in ("lti_tool", "worksheets")]
    names = [str(p.relative_to(f)) for f in folders for p in sorted(f.rglob(f"*{ending}"))]
    assert len(names) > 4
    return names


def source(name: str) -> str:
    found = finders.find(name)
    assert found
    return Path(found).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ours(".js"))
def test_a_script_still_parses(name: str) -> None:
    node = Path(sys.executable).with_name("node")
    command = [str(node), "--check", "--input-type=module", "-"]
    text = minify(name, source(name))
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.browser
def test_style_sheets_say_the_same(real_browser: Browser) -> None:
    page = real_browser.new_page()
    for name in ours(".css"):
        text = source(name)
        read, expected = (page.evaluate(RULES, css) for css in (minify(name, text), text))
        blanks = re.compile(r"\s*([,/])\s*")
        assert [blanks.sub(r"\1", rule) for rule in read] == [
            blanks.sub(r"\1", rule) for rule in expected
        ], name
    page.close()


@pytest.mark.parametrize(("name", "kind"), [(SCRIPT, "text/javascript"), (STYLE, "text/css")])
def test_a_file_comes_minified_and_compressed(client: Client, name: str, kind: str) -> None:
    response = client.get(f"/static/{name}", headers=GZIP)
    text = gzip.decompress(response.content).decode()
    assert text == minify(name, source(name))
    assert "/*" not in text
    assert "\n//" not in text
    assert response["Content-Encoding"] == "gzip"
    assert response["Content-Type"] == f"{kind}; charset=utf-8"
    assert response["Content-Length"] == str(len(response.content))
    assert response["Cache-Control"] == "max-age=3600, public"
    assert response["Vary"] == "Accept-Encoding"
    assert response["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.5, gzip", "br"),
        ("deflate", ""),
        ("", ""),
    ],
)
def test_it_comes_as_small_as_the_browser_takes_it(
    client: Client, accepted: str, encoding: str
) -> None:
    headers = {**LOCALHOST, "Accept-Encoding": accepted}
    response = client.get(f"/static/{SCRIPT}", headers=headers)
    assert response.get("Content-Encoding", "") == encoding
    decode = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}[encoding]
    assert decode(response.content).decode() == minify(SCRIPT, source(SCRIPT))


def test_it_is_not_compressed_for_those_who_take_no_gzip(client: Client) -> None:
    response = client.get(f"/static/{SCRIPT}", headers=LOCALHOST)
    assert response.content.decode() == minify(SCRIPT, source(SCRIPT))
    assert "Content-Encoding" not in response


def test_its_head_has_no_body(rf: RequestFactory) -> None:
    """The test client takes a body away; gunicorn warns of it."""
    serve = minified_files(lambda _request: HttpResponse("another"))
    whole, head = (serve(ask(f"/static/{SCRIPT}", headers=GZIP)) for ask in (rf.get, rf.head))
    assert isinstance(head, HttpResponse)
    assert head.content == b""
    assert head.headers == whole.headers


def test_a_browser_that_has_it_is_sent_nothing(client: Client) -> None:
    etag = client.get(f"/static/{SCRIPT}", headers=GZIP)["ETag"]
    again = client.get(f"/static/{SCRIPT}", headers={**GZIP, "If-None-Match": etag})
    assert again.status_code == 304
    assert again.content == b""
    assert again["ETag"] == etag


def test_what_others_wrote_comes_as_it_stands(client: Client) -> None:
    response = client.get(f"/static/{THIRD_PARTY}", headers=LOCALHOST)
    assert b"".join(response).decode() == source(THIRD_PARTY)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/static/worksheets/missing.js", 404),
        ("/static/worksheets/../worksheets/gaps.js", 404),
        ("/static/worksheets/%2e%2e/%2e%2e/settings.js", 404),
        ("/elsewhere/worksheets/gaps.js", 404),
        ("/static/worksheets/icon.svg", 200),
    ],
)
def test_it_is_whitenoise_that_answers_for_the_rest(
    client: Client, db: None, path: str, status: int
) -> None:
    response = client.get(path, headers=LOCALHOST)
    b"".join(response)  # closes the file
    assert response.status_code == status


def test_a_file_cannot_be_posted_to(client: Client) -> None:
    response = client.post(f"/static/{SCRIPT}", headers=LOCALHOST)
    assert response.status_code == 405


def test_while_it_is_changed_a_file_comes_as_it_stands(client: Client, settings: Settings) -> None:
    settings.DEBUG = True
    response = client.get(f"/static/{SCRIPT}", headers=LOCALHOST)
    assert b"".join(response).decode() == source(SCRIPT)


@pytest.mark.parametrize("is_linked", [False, True])
def test_collected_files_are_minified_and_the_sources_kept(
    client: Client, settings: Settings, tmp_path: Path, is_linked: bool
) -> None:
    before = {name: source(name) for name in (SCRIPT, STYLE, THIRD_PARTY)}
    settings.STATIC_ROOT = str(tmp_path)
    settings.WHITENOISE_USE_FINDERS = False
    for _ in range(2):  # an upgrade collects again
        call_command("collectstatic", interactive=False, link=is_linked, verbosity=0)
    for name, text in before.items():
        assert source(name) == text
        expected = minify(name, text) if is_ours(name) else text
        assert (tmp_path / name).read_text() == expected
    response = client.get(f"/static/{SCRIPT}", headers=LOCALHOST)
    assert b"".join(response).decode() == minify(SCRIPT, before[SCRIPT])
