"""The sandbox as the demo serves it: a process with threads, and a database of its own."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
import requests

from lti_tool.protocol.vocabulary import MediaType
from lti_tool.sandbox import demo
from tests.lti_tool.sandbox import lms
from tests.servers.programs import two_free_ports

AT_ONCE = 16
ISSUE = """
from pathlib import Path
from lti_tool.protocol.vocabulary import Scope
from lti_tool.sandbox import seed
from lti_tool.sandbox.models import ToolClient
from lti_tool.sandbox.platform import tokens
tool = ToolClient.objects.get(client_id=seed.CLIENT_ID)
Path({file!r}).write_text(tokens.issue(tool, [str(Scope.SCORE)]))
"""


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[demo.Server]:
    server, _tool = demo._servers(two_free_ports(), tmp_path, reload=False)
    server.manage("migrate", "--verbosity", "0")
    server.manage("sandbox_setup")
    server.start()
    try:
        demo._wait_until_ready(server)
        yield server
    finally:
        server.stop()
        server.wait()


def test_of_many_posts_to_a_cell_in_one_second_one_is_taken(
    sandbox: demo.Server, tmp_path: Path
) -> None:
    token = tmp_path / "token"
    sandbox.manage("shell", "--verbosity", "0", "--command", ISSUE.format(file=str(token)))
    headers = {"Authorization": f"Bearer {token.read_text()}", "Content-Type": MediaType.SCORE}
    together = Barrier(AT_ONCE)

    def post(pupil: str) -> int:
        together.wait(60)
        address, score = sandbox.url + lms.scores_address(), lms.a_score(userId=pupil)
        return requests.post(address, json=score, headers=headers, timeout=60).status_code

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for pupil in ("101", "102", "103"):
            statuses = sorted(pool.map(post, [pupil] * AT_ONCE))
            assert statuses == [200] + [409] * (AT_ONCE - 1)
