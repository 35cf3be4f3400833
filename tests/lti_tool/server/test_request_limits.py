"""What reaches Django of a request, and what does not: through the application that is served."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from wsgiref.util import setup_testing_defaults

import pytest
import requests
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from lti_tool.server.request_limits import MEGABYTE, plain_type
from lti_tool.wsgi import application
from tests.servers.tool import Tool

CODECS = [
    *("punycode", "idna", "zlib", "hex", "base64", "bz2", "rot13", "undefined", "utf-16"),
    *("unicode_escape", "raw_unicode_escape", "nosuch"),
]


class Body(io.BytesIO):
    """What a client would send; it remembers whether anybody read it."""

    was_read = False

    def read(self, size: int | None = -1) -> bytes:
        self.was_read = True
        return super().read(size)


def ask(method: str, address: str, body: Body | None = None, **environ: str) -> tuple[int, str]:
    """The application's answer: its status and text."""
    path, _, query = address.partition("?")
    sent: dict[str, object] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "HTTP_HOST": "localhost:8001",
        "wsgi.input": body or Body(),
        **environ,
    }
    setup_testing_defaults(sent)
    statuses: list[str] = []

    def start_response(status: str, headers: object, exc_info: object = None) -> None:
        statuses.append(status)

    answer = application(sent, start_response)  # type: ignore[arg-type]
    text = b"".join(answer).decode()
    if hasattr(answer, "close"):
        answer.close()
    return int(statuses[0].split()[0]), text


def post(path: str, content_type: str, fields: dict[str, str]) -> tuple[int, str]:
    data = encode_multipart(BOUNDARY, fields)
    length = str(len(data))
    return ask("POST", path, Body(data), CONTENT_TYPE=content_type, CONTENT_LENGTH=length)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("", ""),
        ("text/plain", "text/plain"),
        ("text/plain; charset=utf-8", "text/plain"),
        ("application/json;charset=zlib", "application/json"),
        ("multipart/form-data; boundary=X", 'multipart/form-data; boundary="X"'),
        ("multipart/form-data; charset=hex; boundary=X", 'multipart/form-data; boundary="X"'),
        ('multipart/form-data; boundary="a b"; q', 'multipart/form-data; boundary="a b"'),
        ("multipart/form-data; Boundary=-=_P.1 ;a", 'multipart/form-data; boundary="-=_P.1"'),
        ("multipart/form-data; boundary*=zlib''X", "multipart/form-data"),
        (f"multipart/form-data; boundary={'x' * 71}", "multipart/form-data"),
        ("a/b; x*=nosuch''%41", "a/b"),
        ("nothing", ""),
        ("a/b c/d", ""),
        ("; charset=utf-8", ""),
    ],
)
def test_of_a_content_type_stay_the_media_type_and_its_boundary(sent: str, kept: str) -> None:
    assert plain_type(sent) == kept


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("path", ["/lti/login/", "/lti/launch/", "/lti/register/"])
def test_no_request_chooses_the_codec_that_reads_it(path: str, codec: str) -> None:
    """Some of them take minutes, some make no text, some make text that nothing can hold."""
    text = r"http://a.example/\ud800"
    fields = dict.fromkeys(("iss", "login_hint", "target_link_uri", "state", "offer"), text)
    status, _ = post(path, f"{MULTIPART_CONTENT}; charset={codec}", fields)
    assert 400 <= status < 500


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("content_type", ["a/b; charset={}", "a/b; x*={}''%41", "a/b; x*={}'%41"])
def test_a_query_is_read_as_utf_8(content_type: str, codec: str) -> None:
    status, _ = ask("GET", "/healthz?a=%41", CONTENT_TYPE=content_type.format(codec))
    assert status == 200


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/lti/login/", 3),
        ("/lti/launch/", 3),
        ("/lti/register/", 3),
        ("/healthz", 3),
        ("/a/" + "x" * 60 + "/shelf/", 25),
        ("/admin/login/", 25),
    ],
)
@pytest.mark.parametrize("more", [1, MEGABYTE, 10**30])
def test_what_is_too_large_is_not_even_read(path: str, most: int, more: int) -> None:
    body = Body(b"a")
    length = str(most * MEGABYTE + more)
    status, text = ask("POST", path, body, CONTENT_LENGTH=length, CONTENT_TYPE=MULTIPART_CONTENT)
    assert status == 413
    assert f"This is too large. You can send at most {most} MB. Nothing was saved." in text
    assert "<a" not in text
    assert not body.was_read


@pytest.mark.parametrize(
    ("sent_from", "link"),
    [
        ("http://localhost:8001/a/x/worksheets/?q=1", "/a/x/worksheets/"),
        ('http://localhost:8001/a/"><script>', "/a/&quot;&gt;&lt;script&gt;"),
        ("http://lms.example/course/", ""),
        ("", ""),
    ],
)
def test_the_page_about_it_leads_back_to_our_own_page(sent_from: str, link: str) -> None:
    length = str(30 * MEGABYTE)
    status, text = ask("POST", "/a/x/", CONTENT_LENGTH=length, HTTP_REFERER=sent_from)
    assert status == 413
    assert text.startswith("<!doctype html>")
    assert (f'<a href="{link}">' in text) if link else ("<a" not in text)


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "most"), [("/lti/login/", 3), ("/a/" + "x" * 60 + "/", 25)])
def test_what_is_as_large_as_it_may_be_is_answered(path: str, most: int) -> None:
    status, _ = ask("POST", path, Body(b"a=b"), CONTENT_LENGTH=str(most * MEGABYTE))
    assert status in {400, 403}


@pytest.mark.django_db
@pytest.mark.parametrize("length", ["", "-1", "many", "²"])
def test_a_length_that_is_none_is_no_body(length: str) -> None:
    assert ask("POST", "/lti/login/", Body(b"a=b"), CONTENT_LENGTH=length)[0] == 400


@pytest.fixture(scope="module")
def served(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tool]:
    """The tool behind the server that it runs on."""
    file = shutil.copy(migrated, tmp_path_factory.mktemp("served") / "db.sqlite3")
    tool = Tool(f"sqlite:///{file}")
    with tool.serving():
        yield tool


def test_a_body_without_a_length_is_refused(served: Tool) -> None:
    chunks = iter([b"a=", b"b"])
    answer = requests.post(f"{served.url}/lti/login/", data=chunks, timeout=30)
    assert (answer.status_code, answer.headers["Content-Type"]) == (
        411,
        "text/html; charset=utf-8",
    )
    assert "This request does not state its length. Nothing was saved." in answer.text


def test_the_server_answers_a_form_of_any_charset(served: Tool) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=X; charset=zlib"}
    form = b'--X\r\nContent-Disposition: form-data; name="iss"\r\n\r\na\r\n--X--\r\n'
    answer = requests.post(f"{served.url}/lti/login/", form, headers=headers, timeout=30)
    assert answer.status_code == 400
    assert "text/html" in answer.headers["Content-Type"]
