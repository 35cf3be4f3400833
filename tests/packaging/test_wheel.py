"""The wheel, installed where there is no checkout, is the whole tool."""

from __future__ import annotations

import re
import tomllib
import zipfile
from email import message_from_bytes
from pathlib import Path

from lti_tool import __version__
from tests import ROOT
from tests.benchmarks.platform import Platform
from tests.benchmarks.visits import Visitor
from tests.servers.tool import Tool


def test_it_carries_what_is_not_python_and_nothing_of_the_tests(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    templates = {
        f"lti_tool/templates/{file.relative_to(ROOT / 'templates')}"
        for file in (ROOT / "templates").rglob("*.html")
        if "sandbox" not in file.parts
    }
    assert templates <= names
    assert {"lti_tool/static/lti_tool/frame.js", "worksheets/samples/terror.md"} <= names
    assert "lti_tool/locale/de/LC_MESSAGES/django.mo" in names
    assert {name.partition("/")[0] for name in names} == {
        "lti_tool",
        "worksheets",
        f"lti_worksheets-{__version__}.dist-info",
    }
    assert not [name for name in names if "sandbox" in name or name.endswith((".pyc", ".sqlite3"))]


def test_it_says_what_it_is_and_needs(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith("/METADATA"))
        metadata = message_from_bytes(archive.read(name))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert metadata["License-Expression"] == "MIT"
    assert metadata["Requires-Python"] == ">=3.11"
    assert "# LTI Worksheets" in str(metadata.get_payload())
    runtime = [line for line in metadata.get_all("Requires-Dist", []) if "extra ==" not in line]
    assert len(runtime) == len(project["dependencies"])


def test_the_command_is_the_twin_of_manage_py(installed: Tool) -> None:
    command = installed.python.with_name("lti-worksheets")
    assert installed.run(command, "migrate", "--verbosity", "0")[0] == 0
    status, said = installed.run(command, "check", "--fail-level", "WARNING")
    assert (status, said) == (0, "System check identified no issues (0 silenced).\n")
    status, said = installed.run(command, "nonsense")
    assert status == 1
    assert "lti-worksheets help" in said


def test_nothing_comes_from_the_checkout(installed: Tool) -> None:
    code = "import lti_tool, worksheets; print(lti_tool.__file__, worksheets.__file__)"
    status, said = installed.run(installed.python, "-c", code)
    assert status == 0, said
    environment = installed.python.parents[1]
    assert all(path.startswith(f"{environment}/") for path in said.split())


def test_it_serves_and_launches(installed: Tool, platform: Platform) -> None:
    installed.join(platform)
    with installed.serving():
        assert installed.get("/healthz").text == "ok\n"
        assert installed.get("/readyz").text == "ready\n"
        assert installed.get("/lti/jwks.json").json()["keys"]
        script = installed.get("/static/lti_tool/frame.js")
        assert script.status_code == 200
        assert "javascript" in script.headers["Content-Type"]
        assert installed.get("/static/worksheets/tokens.css").status_code == 200
        assert installed.get("/static/admin/css/base.css").status_code == 200
        pupil = Visitor(installed.url)
        pupil.launch(platform, "pupil")
        pupil.close()
        addresses = re.findall(r'(?:href|src)="(/static/[^"]+)"', pupil.body)
        assert [url for url in addresses if installed.get(url).status_code != 200] == []
    assert [url for url in addresses if url.endswith("/worksheets/autosave.js")]
    assert "Why did Stalin turn to terror?" in pupil.body


def test_without_a_database_url_the_file_lies_in_the_working_folder(
    installed: Tool, tmp_path: Path
) -> None:
    here = Tool("", python=installed.python, folder=tmp_path)
    here.manage("migrate", "--verbosity", "0")
    assert (tmp_path / "lti-worksheets.sqlite3").exists()


def test_without_settings_one_sentence_says_what_to_set(installed: Tool) -> None:
    bare = Tool("", python=installed.python, folder=installed.folder, more={"SECRET_KEY": ""})
    status, said = bare.run(bare.python.with_name("lti-worksheets"), "check")
    assert status == 3
    assert said.startswith("lti-worksheets cannot start. SECRET_KEY is not set")
    assert "Traceback" not in said


def test_help_needs_no_settings(installed: Tool) -> None:
    unset = ("env", "-u", "SECRET_KEY", "-u", "PUBLIC_URL")
    status, said = installed.run(*unset, installed.python.with_name("lti-worksheets"), "help")
    assert status == 0, said
    assert "copy_database" in said


def test_collected_static_files_are_served_compressed(installed: Tool, tmp_path: Path) -> None:
    static = tmp_path / "static"
    tool = Tool(
        installed.database,
        python=installed.python,
        folder=installed.folder,
        more={"STATIC_ROOT": str(static)},
    )
    tool.manage("collectstatic", "--noinput", "--verbosity", "0")
    status, said = tool.run(tool.python, "-m", "whitenoise.compress", "--quiet", str(static))
    assert status == 0, said
    with tool.serving():
        style = tool.get("/static/worksheets/tokens.css")
    assert style.status_code == 200
    assert style.headers["Content-Encoding"] in {"br", "gzip"}
