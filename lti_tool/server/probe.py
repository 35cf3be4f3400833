"""The health check ``python -m lti_tool.server.probe http://127.0.0.1:8000/readyz``.

For containers without curl. It sends the host name of PUBLIC_URL, because the tool accepts no
other. The exit status is 0 if the response is 200.
"""

from __future__ import annotations

import http.client
import os
import sys
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 5.0


def ask(address: str, host: str) -> tuple[bool, str]:
    """Return whether the response is 200, and the beginning of its body or the error."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(
        parts.hostname or "", parts.port, timeout=TIMEOUT_SECONDS
    )
    try:
        connection.request("GET", parts.path, headers={"Host": host})
        reply = connection.getresponse()
        return reply.status == 200, reply.read(200).decode(errors="replace").strip()
    except (OSError, http.client.HTTPException) as error:
        return False, str(error) or type(error).__name__
    finally:
        connection.close()


if __name__ == "__main__":
    is_ready, text = ask(sys.argv[1], urlsplit(os.environ.get("PUBLIC_URL", "")).netloc)
    sys.stdout.write(f"{text}\n")
    raise SystemExit(not is_ready)
