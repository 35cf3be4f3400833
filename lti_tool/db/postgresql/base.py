"""The database backend that Django loads for the ENGINE ``lti_tool.db.postgresql``."""

from __future__ import annotations

import contextlib
import math
import select
import time
from collections.abc import Generator
from typing import Any, TypeVar

import psycopg
from django.db.backends.postgresql import base

from lti_tool.db import waiting
from lti_tool.db.troubles import GaveUp

Result = TypeVar("Result")

# A process that was stopped inside a transaction keeps its rows locked for no longer, and so
# a pupil's submit waits for no longer. The tool never pauses so long between two statements.
MAX_IDLE_IN_TRANSACTION_SECONDS = 10
# The server gives up a little sooner than we do: then it says what it waited for.
SOONER_SECONDS = 0.5


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection with limits, whose ``is_usable`` costs no statement.

    Idle transactions end, and a page's statements wait as ``lti_tool.db.waiting`` says.
    """

    unreachable_at = -math.inf  # of any connection of this process

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Return a new connection; its own limit is the option ``connect_timeout``."""
        # Who waits for a lock says nothing of whether the server can be reached.
        if time.monotonic() - DatabaseWrapper.unreachable_at < waiting.GAVE_UP_SECONDS:
            waiting.refuse_if_in_vain()
        try:
            with waiting.Wait() as wait:
                wait.go_on()
                connection: Any = super().get_new_connection(conn_params)
        except psycopg.OperationalError:
            DatabaseWrapper.unreachable_at = time.monotonic()
            raise
        plain_wait = connection.wait

        def wait_as_allowed(gen: Any, *args: Any, **kwargs: Any) -> Any:
            if waiting.seconds_to_wait() is None:
                return plain_wait(gen, *args, **kwargs)
            try:
                return plain_wait(_until_given_up(gen), *args, **kwargs)
            except GaveUp:
                connection.close()  # the statement may be running still: nobody reads its end
                raise

        connection.wait = wait_as_allowed
        return connection

    def init_connection_state(self) -> None:
        """Set up the connection as Django does, and limit idle transactions and waits for locks.

        A limit that the server sets itself is kept. It is set by a statement and not by a
        start-up parameter, which poolers refuse.
        """
        super().init_connection_state()
        is_page = waiting.seconds_to_wait() is not None
        lock_seconds = waiting.PAGE_SECONDS - SOONER_SECONDS if is_page else 0
        with self.cursor() as cursor:
            cursor.execute(
                "SELECT set_config(name, CASE name WHEN 'lock_timeout' THEN %s ELSE %s END, false)"
                " FROM pg_settings WHERE setting = '0'"
                " AND name IN ('idle_in_transaction_session_timeout', 'lock_timeout')",
                (f"{lock_seconds}s", f"{MAX_IDLE_IN_TRANSACTION_SECONDS}s"),
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


def _until_given_up(statement: Generator[Any, Any, Result]) -> Generator[Any, Any, Result]:
    """Go through a statement of psycopg, which is sent READY_NONE after each slice of waiting."""
    wait: waiting.Wait | None = None
    with contextlib.ExitStack() as stack:
        ready = None
        while True:
            try:
                wants = statement.send(ready)
            except StopIteration as end:
                result: Result = end.value
                return result
            ready = yield wants
            if not ready:
                wait = wait or stack.enter_context(waiting.Wait())
                wait.go_on()
