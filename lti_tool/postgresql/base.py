"""The backend that Django finds by the ENGINE ``lti_tool.postgresql``."""

from __future__ import annotations

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own but for ``is_usable``, which would cost each request a statement."""

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
