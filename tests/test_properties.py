"""What makes the property tests say the same every time."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests import ROOT

DRAWN = """
import sys
from hypothesis import given, settings, strategies as st
from tests import properties

properties.register_profiles()
properties.draw_alike()
settings.load_profile(sys.argv[1])
for name in sys.argv[2:]:
    __import__(name)

@given(st.integers() | st.text() | st.floats())
def draw(value):
    print(ascii(value))

draw()
"""


def drawn(profile: str, *imported: str, seed: str = "0") -> list[str]:
    """What a new process draws where these modules are imported."""
    done = subprocess.run(
        [sys.executable, "-c", DRAWN, profile, *imported],
        cwd=ROOT,
        env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


def test_neither_imports_nor_hashes_change_what_is_drawn() -> None:
    first = drawn("steady")
    assert len(first) == 100
    assert drawn("steady", "lti_tool.protocol.vocabulary", "worksheets.markup", seed="1") == first


def test_a_search_draws_more_and_other_examples() -> None:
    first = drawn("fuzz")
    assert len(first) == 2000
    assert drawn("fuzz") != first


def test_this_run_draws_the_same_every_time(pytestconfig: pytest.Config) -> None:
    """Whatever Hypothesis would choose by itself, as it does where CI is set."""
    from hypothesis import settings

    wanted = pytestconfig.getoption("--hypothesis-profile") or "steady"
    assert settings.get_current_profile_name() == wanted
