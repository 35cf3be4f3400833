"""Addresses of static files change with their content, and those of scripts with every script."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client
from pytest_django import Settings

from lti_tool.server.minified_files import minify
from lti_tool.server.static_storage import (
    KEPT_FOR_GOOD,
    VersionedStaticFilesStorage,
    unversioned_paths,
)
from tests import ROOT

LOCALHOST = {"host": "localhost:8001"}


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    """A folder of static files beside those of the packages."""
    settings.STATICFILES_DIRS = [*settings.STATICFILES_DIRS, tmp_path]
    (tmp_path / "unit" / "kinds").mkdir(parents=True)
    (tmp_path / "unit" / "page.js").write_text('import "./kinds/one.js";\n')
    (tmp_path / "unit" / "kinds" / "one.js").write_text("export const one = 1;\n")
    (tmp_path / "unit" / "page.css").write_text("p { color: red }\n")
    return tmp_path / "unit"


def address(name: str) -> str:
    """The address that a process gives that was started now."""
    return VersionedStaticFilesStorage().url(name)


def test_a_style_sheet_has_the_version_of_its_content(folder: Path) -> None:
    before = address("unit/page.css")
    assert re.fullmatch(r"/static/unit/page\.css\?v=[0-9a-f]{10}", before)
    (folder / "page.js").write_text("changed();\n")
    assert address("unit/page.css") == before
    (folder / "page.css").write_text("p { color: blue }\n")
    assert address("unit/page.css") != before


def test_a_script_has_another_address_when_a_script_below_it_has_changed(folder: Path) -> None:
    before = address("unit/page.js")
    assert re.fullmatch(r"/static/v-[0-9a-f]{10}/unit/page\.js", before)
    (folder / "page.css").write_text("p { color: blue }\n")
    assert address("unit/page.js") == before
    (folder / "kinds" / "one.js").write_text("export const one = 2;\n")
    assert address("unit/page.js") != before


def test_scripts_of_a_folder_have_one_version_so_that_imports_have_it_too(folder: Path) -> None:
    version = address("unit/page.js").removesuffix("unit/page.js")
    assert address("unit/kinds/one.js") == f"{version}unit/kinds/one.js"


def test_a_process_reads_a_file_once(folder: Path) -> None:
    storage = VersionedStaticFilesStorage()
    before = storage.url("unit/page.css")
    (folder / "page.css").write_text("p { color: blue }\n")
    assert storage.url("unit/page.css") == before


def test_while_it_is_changed_each_address_is_that_of_now(folder: Path, settings: Settings) -> None:
    settings.DEBUG = True
    storage = VersionedStaticFilesStorage()
    before = storage.url("unit/page.js")
    (folder / "kinds" / "one.js").write_text("export const one = 2;\n")
    assert storage.url("unit/page.js") != before


def test_a_file_that_is_missing_has_an_address_all_the_same() -> None:
    assert address("unit/missing.js").endswith("/unit/missing.js")
    assert address("unit/missing.css").startswith("/static/unit/missing.css")


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/static/v-0123456789/worksheets/fill.js", "/static/worksheets/fill.js"),
        ("/static/worksheets/fill.js", "/static/worksheets/fill.js"),
        ("/static/v-0123/v-0123/fill.js", "/static/v-0123/fill.js"),
        ("/static/v-other/fill.js", "/static/v-other/fill.js"),
        ("/a/static/v-0123/fill.js", "/a/static/v-0123/fill.js"),
    ],
)
def test_the_version_is_taken_out_of_the_path(path: str, found: str) -> None:
    request = HttpRequest()
    request.path_info = path
    unversioned_paths(lambda _request: HttpResponse())(request)
    assert request.path_info == found


def test_each_of_our_scripts_is_served_at_its_address(client: Client) -> None:
    assert settings.STORAGES["staticfiles"]["BACKEND"].endswith("VersionedStaticFilesStorage")
    for package in ("lti_tool", "worksheets"):
        folder = ROOT / package / "static"
        scripts = sorted(folder.rglob("*.js"))
        assert scripts
        for script in scripts:
            name = str(script.relative_to(folder))
            response = client.get(address(name), headers=LOCALHOST)
            assert response.status_code == 200, name
            assert response.content.decode() == minify(name, script.read_text())
            assert response["Cache-Control"] == KEPT_FOR_GOOD


def get(client: Client, asked: str, **headers: str) -> HttpResponse:
    """The response of a server: WhiteNoise opens a file, which the server closes."""
    response = client.get(asked, headers={**LOCALHOST, **headers})
    response.close()
    return response


def test_a_file_is_kept_for_good_under_the_version_that_it_has(
    client: Client, settings: Settings
) -> None:
    """A browser that has been here asks for none of a page's files again."""
    brief = f"max-age={settings.WHITENOISE_MAX_AGE}, public"
    for name in ("worksheets/marking.js", "worksheets/marking.css", "worksheets/icon.svg"):
        ours = address(name)
        response = get(client, ours)
        assert (response.status_code, response["Cache-Control"]) == (200, KEPT_FOR_GOOD), name
        known = {"If-None-Match": response["ETag"]} if "ETag" in response else {}
        assert get(client, ours, **known)["Cache-Control"] == KEPT_FOR_GOOD
        # Of an old process for a page of the new release, and without a version.
        other = re.sub(r"(v-|v=)[0-9a-f]{10}", r"\g<1>0123456789", ours)
        assert other != ours
        for asked in (other, f"/static/{name}"):
            response = get(client, asked)
            assert (response.status_code, response["Cache-Control"]) == (200, brief), asked
    missing = get(client, address("worksheets/missing.js"))
    assert missing.status_code == 404
    assert "immutable" not in missing.get("Cache-Control", "")
    settings.DEBUG = True
    response = get(client, address("worksheets/marking.js"))
    assert "immutable" not in response.get("Cache-Control", "")
