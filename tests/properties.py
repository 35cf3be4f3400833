"""How many examples the property tests draw: always the same, but for ``make fuzz``."""

from __future__ import annotations

from typing import Final

from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers

USUAL: Final = 100
MANY: Final = 2000


def register_profiles() -> None:
    """Load 'steady', unless pytest's ``--hypothesis-profile=fuzz`` asks for new examples.

    How long an example takes says nothing on a busy machine, so neither profile looks at it.
    """
    settings.register_profile(
        "steady",
        max_examples=USUAL,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.register_profile(
        "fuzz",
        max_examples=MANY,
        derandomize=False,
        database=None,
        deadline=None,
        print_blob=True,
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.load_profile("steady")


def draw_alike() -> None:
    """Let 'steady' draw the same whatever modules happen to be imported.

    Hypothesis mixes literals of the project's imported modules into what it draws. Which
    these are depends on the tests that the same worker ran before.
    """
    literals = providers._get_local_constants
    providers._get_local_constants = lambda: (
        providers._local_constants if settings().derandomize else literals()
    )


def costly(examples: int) -> settings:
    """So many examples where each costs a request or more; ``make fuzz`` has more in proportion.

    They share the fixtures of their test: the rows of one example do not matter to the next.
    """
    return settings(
        max_examples=examples * settings().max_examples // USUAL,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )
