"""The examples in docs/marking.md are true."""

from collections.abc import Iterator

import pytest

from tests import ROOT
from tests.worksheets.marking.sheets import gap, mark_one
from worksheets.marking import GapVerdict
from worksheets.words.key import Mode

PAGE = ROOT / "docs" / "marking.md"
VERDICTS = {"also right": GapVerdict.RIGHT, "still wrong": GapVerdict.WRONG}


def examples() -> Iterator[tuple[str, str, Mode, GapVerdict]]:
    """Accepted answer, response, mode, verdict: from every table that has such columns."""
    mode, head = Mode.TEXT, [""]
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("## "):
            mode = Mode.NUMBER if line == "## Numbers" else Mode.TEXT
        elif not line.startswith("|"):
            head = [""]
        elif head == [""]:
            head = cells
        else:
            for title, cell in zip(head, cells, strict=True):
                if title in VERDICTS and cell:
                    for response in cell.split(" · "):
                        yield cells[0], response, mode, VERDICTS[title]


EXAMPLES = [example for example in examples() if set(example[1]) != {"-"}]


def test_the_page_has_examples() -> None:
    assert len(EXAMPLES) > 30


@pytest.mark.parametrize(("accepted", "response", "mode", "verdict"), EXAMPLES)
def test_example(accepted: str, response: str, mode: Mode, verdict: GapVerdict) -> None:
    result = mark_one(gap(accepted, mode=mode), response, words=("Stalinist", "Masse"))

    assert result.verdict is verdict
