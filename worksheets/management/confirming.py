"""Functions by which a command says what it would erase, and erases only with --yes."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.management.base import CommandError, CommandParser


def add_yes_argument(parser: CommandParser) -> None:
    """Add the switch without which a command erases nothing."""
    parser.add_argument(
        "--yes", action="store_true", help="erase (default: only print what would be erased)"
    )


def confirm(losses: Mapping[str, int], *, yes: bool) -> None:
    """Raise CommandError, which names what would be lost, unless ``yes``."""
    if not yes:
        counted = ", ".join(f"{name}: {number}" for name, number in losses.items() if number)
        raise CommandError(
            f"This would erase for good: {counted or 'only the row itself'}."
            " Nothing was erased. Run the command again with --yes."
        )
