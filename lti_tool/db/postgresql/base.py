"""The database backend that Django loads for the ENGINE ``lti_tool.db.postgresql``."""

from __future__ import annotations

import select

from django.db.backends.postgresql import base

# A process that was stopped inside a transaction keeps its rows locked for no longer, and so
# a pupil's submit waits for no longer. The tool never pauses so long between two statements.
MAX_IDLE_IN_TRANSACTION_SECONDS = 10


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose ``is_usable`` costs no statement and whose idle transactions end."""

    def init_connection_state(self) -> None:
        """Set up the connection as Django does, and limit idle transactions.

        A limit that the server sets itself is kept. It is set by a statement and not by a
        start-up parameter, which poolers refuse.
        """
        super().init_connection_state()
        with self.cursor() as cursor:
            cursor.execute(
                "SELECT set_config(name, %s, false) FROM pg_settings"
                " WHERE name = 'idle_in_transaction_session_timeout' AND setting = '0'",
                (f"{MAX_IDLE_IN_TRANSACTION_SECONDS}s",),
            )

    def is_usable(self) -> bool:
        """Return whether the server still holds this connection.

        An idle connection has nothing to read unless the server has ended it (a restart, an
        administrator, a time-out). Only then is a statement sent, as Django always does.
        """
        if self.connection is None or self.connection.closed:
            return False
        socket = select.poll()
        socket.register(self.connection.fileno(), select.POLLIN)
        return super().is_usable() if socket.poll(0) else True
