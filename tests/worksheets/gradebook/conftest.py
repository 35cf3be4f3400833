"""A tool in processes of its own, which a test may kill: on a file, and on PostgreSQL."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.servers.tool import Tool


@pytest.fixture
def embedded(migrated: Path, tmp_path: Path) -> Tool:
    file = shutil.copy(migrated, tmp_path / "worksheets.sqlite3")
    return Tool(f"sqlite:///{file}", more={"DJANGO_SETTINGS_MODULE": "lti_tool.settings"})


@pytest.fixture
def on_postgres(migrated_url: str) -> Tool:
    return Tool(migrated_url, more={"DJANGO_SETTINGS_MODULE": "lti_tool.settings"})


@pytest.fixture(params=["embedded", pytest.param("on_postgres", marks=pytest.mark.servers)])
def tool(request: pytest.FixtureRequest) -> Tool:
    made: Tool = request.getfixturevalue(request.param)
    return made
