"""Fixtures that every test may ask for."""

from __future__ import annotations

import pytest

from tests.cast import Cast, assemble


@pytest.fixture
def cast(db: None) -> Cast:
    """Ruth, Amina, Ben, Otis and Zara; see tests.cast."""
    return assemble()
