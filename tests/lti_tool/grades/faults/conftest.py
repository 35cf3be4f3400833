"""The platform of this package's tests lets us read what its gradebook holds."""

from __future__ import annotations

import pytest

from tests.platform.gradebook import GradebookServer


@pytest.fixture
def lms(readable: GradebookServer) -> GradebookServer:
    return readable
