"""drafts.js through lives of a teacher with two devices, and the server that it has there."""

from __future__ import annotations

import html
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests import ROOT
from tests.cast import Cast, Someone
from tests.worksheets.html import Page
from tests.worksheets.sheets import hand_in, place
from worksheets.models import Attempt

SCRIPT = ROOT / "worksheets" / "static" / "worksheets" / "drafts.js"
FIRST_SEED, LIVES = 1, 3000
SHEET = "# Four\n" + "\nWhy?\n\n??? 6 marks\n" * 4
COMMENTS = [f"q{n}-comment" for n in range(1, 5)]


def run(name: str, *arguments: object) -> str:
    """Node is that of the development packages."""
    node = Path(sys.executable).with_name("node")
    program = Path(__file__).with_name(name)
    command = [str(part) for part in (node, program, SCRIPT, *arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout


def test_what_was_typed_last_stands_in_its_field_or_is_offered() -> None:
    """A fault tells the seed of its life."""
    assert run("draft_lives.mjs", FIRST_SEED, LIVES) == f"{LIVES} lives, 0 faults\n"


CASES = [
    "what was typed elsewhere meanwhile comes though a reply was lost",
    "both stand where a last request met the draft of another device",
    "one field that two have typed in holds up no other field",
    "saving with a question open keeps what was asked about",
    "what was saved on one device is put back by no other one",
    "what the browser puts back and was typed over is not typed",
    "what is wrong is shown with what another device has typed since",
    "a page that is older than the draft drops nothing of it",
    "what was discarded does not come back from another device",
    "a second text that waits is asked about after the first",
    "two windows of one browser ask the one that comes later",
]


@pytest.mark.parametrize("name", CASES)
def test_case(name: str) -> None:
    assert run("draft_cases.mjs", name) == "ok\n"


def test_all_cases_are_asked() -> None:
    assert json.loads(run("draft_cases.mjs")) == CASES


class Replay:
    """What a simulated server was asked, asked of the real one; both have to say the same.

    Times and bases are other texts there: each is known by the first place where it stood.
    """

    def __init__(self, ruth: Someone, attempt: Attempt) -> None:
        self.client = ruth.client
        self.form = ruth.url("attempt", number=attempt.pk)
        self.drafts = ruth.url("draft", page="mark", number=attempt.pk)
        self.real: dict[str, str] = {"": ""}

    def meet(self, simulated: str, real: str) -> None:
        assert self.real.setdefault(simulated, real) == real

    def known(self, kept: Any) -> Any:
        """Return a simulated draft in the real one's texts."""
        named = {**kept, "base": self.real.get(kept["base"], kept["base"])}
        named["at"] = self.real[kept["at"]]
        if "beside" in kept:
            named["beside"] = self.known(kept["beside"])
        if not named["versions"]:
            del named["versions"]
        return named

    def draft(self, request: Any, reply: Any) -> None:
        body = {**request, **{name: self.real[request[name]] for name in ("after", "answered")}}
        body["base"] = self.real[request["base"]]
        answer = self.client.post(self.drafts, json.dumps(body), content_type="application/json")
        assert answer.status_code == reply["status"]
        self._compare(reply["body"], answer.json())

    def _compare(self, simulated: Any, real: Any) -> None:
        self.meet(simulated["at"], real["at"])
        if "beside" in simulated:
            self.meet(simulated["beside"]["at"], real["beside"]["at"])
        if "fields" in simulated:
            assert self.known(simulated) == real

    def page(self, _request: Any, reply: Any) -> None:
        self._read(Page(self.client.get(self.form)), reply)

    def save(self, request: Any, _reply: Any) -> None:
        assert self._post(request).status_code == 302

    def wrong(self, request: Any, reply: Any) -> None:
        answer = self._post(request)
        assert answer.status_code == 422
        self._read(Page(answer), reply)

    def _post(self, request: Any) -> Any:
        posted = {"draft-base-mark": self.real[request["base"]]}
        posted["draft-at-mark"] = self.real[request["at"]]
        for n, name in enumerate(COMMENTS, 1):
            points = "99" if request.get("isWrong") else "1"
            seen = json.dumps({"points": "", "comment": request["seen"][name]})
            posted |= {name: request["values"][name], f"q{n}-points": points, f"q{n}-seen": seen}
        return self.client.post(self.form, posted)

    def _read(self, page: Page, made: Any) -> None:
        self.meet(made["base"], page.fields["draft-base-mark"].value)
        assert {name: page.fields[name].value.strip() for name in COMMENTS} == made["shown"]
        seen = [json.loads(page.fields[f"q{n}-seen"].value)["comment"] for n in range(1, 5)]
        assert seen == list(made.get("seen", made["shown"]).values())
        saved = page.html.split('data-draft-saved="')[1].split('"')[0]
        real = json.loads(html.unescape(saved) or "null")
        assert (made["draft"] is None) == (real is None)
        if real:
            self._compare(made["draft"], real)
        self.meet(made["at"], page.fields["draft-at-mark"].value)


@pytest.mark.parametrize("seed", [3, 9, 13, 14, 20])
def test_the_server_there_is_as_ours(cast: Cast, seed: int) -> None:
    attempt = hand_in(place(cast, SHEET), cast.amina, {f"q{n}": "Because." for n in range(1, 5)})
    replay = Replay(cast.ruth, attempt)
    kinds: dict[str, Callable[[Any, Any], None]] = {
        "draft": replay.draft,
        "page": replay.page,
        "save": replay.save,
        "wrong": replay.wrong,
    }
    for entry in json.loads(run("draft_lives.mjs", seed, 1, "record")):
        kinds[entry["kind"]](entry["request"], entry["reply"])
