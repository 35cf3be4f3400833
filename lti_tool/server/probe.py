"""Asks a process how it is: ``python -m lti_tool.server.probe http://127.0.0.1:8000/readyz``.

For health checks where no curl is at hand. It asks by the host name of PUBLIC_URL,
because the tool answers to no other. Exit status 0 if the answer is 200.
"""

from __future__ import annotations

import http.client
import os
import sys
from urllib.parse import urlsplit

PATIENCE = 5.0  # seconds


def ask(address: str, host: str) -> tuple[bool, str]:
    """Whether the answer is 200, and its words."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE)
    try:
        connection.request("GET", parts.path, headers={"Host": host})
        answer = connection.getresponse()
        return answer.status == 200, answer.read(200).decode(errors="replace").strip()
    except (OSError, http.client.HTTPException) as problem:
        return False, str(problem) or type(problem).__name__
    finally:
        connection.close()


if __name__ == "__main__":
    well, words = ask(sys.argv[1], urlsplit(os.environ.get("PUBLIC_URL", "")).netloc)
    sys.stdout.write(f"{words}\n")
    raise SystemExit(not well)
