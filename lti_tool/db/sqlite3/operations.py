"""Reads values of SQLite sooner than Django does."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from django.db.backends.sqlite3 import operations


class DatabaseOperations(operations.DatabaseOperations):
    """Django's, which reads a moment of UTC in a third of the time.

    A page of a large class reads tens of thousands.
    """

    def convert_datetimefield_value(
        self, value: Any, expression: Any, connection: Any
    ) -> datetime | None:
        """Return a moment as Django reads it."""
        if isinstance(value, str) and self.connection.timezone is UTC:
            with suppress(ValueError):  # Django knows more forms than it writes itself
                moment = datetime.fromisoformat(value)
                return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return super().convert_datetimefield_value(value, expression, connection)
