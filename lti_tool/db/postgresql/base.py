"""The backend that Django finds by the ENGINE ``lti_tool.db.postgresql``."""

from __future__ import annotations

import select

from django.db.backends.postgresql import base

# Seconds that a transaction may be open while its process asks nothing: one that was stopped
# holds its rows for no longer, and a pupil's submit waits for no longer. Nothing of ours
# thinks for so long between two statements.
LONGEST_SILENCE = 10


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, but that ``is_usable`` costs no statement and a silent transaction ends."""

    def init_connection_state(self) -> None:
        """As Django does, and with the end of silent transactions, unless the server has one.

        By a statement and not by the start of the connection, where poolers refuse it.
        """
        super().init_connection_state()
        with self.cursor() as cursor:
            cursor.execute(
                "SELECT set_config(name, %s, false) FROM pg_settings"
                " WHERE name = 'idle_in_transaction_session_timeout' AND setting = '0'",
                (f"{LONGEST_SILENCE}s",),
            )

    def is_usable(self) -> bool:
        """Whether the server still holds this connection.

        An idle connection has nothing to say unless the server ended it: a restart, an
        administrator, a time-out. Only then is it asked, as Django would.
        """
        if self.connection is None or self.connection.closed:
            return False
        socket = select.poll()
        socket.register(self.connection.fileno(), select.POLLIN)
        return super().is_usable() if socket.poll(0) else True
