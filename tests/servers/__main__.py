"""Runs a command with DATABASE_URL and REDIS_URL of throwaway servers.

python -m tests.servers python -m pytest tests/lti_tool/grades/outbox/test_outbox.py
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence

from tests.servers.postgres import cluster
from tests.servers.programs import NotInstalled
from tests.servers.redis import redis_server


def main(command: Sequence[str]) -> int:
    """Give the command's exit status."""
    if not command:
        raise SystemExit(__doc__)
    try:
        with cluster() as postgres, redis_server() as redis:
            addresses = {"DATABASE_URL": postgres.url(), "REDIS_URL": redis.url}
            return subprocess.run(command, env={**os.environ, **addresses}, check=False).returncode
    except NotInstalled as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
