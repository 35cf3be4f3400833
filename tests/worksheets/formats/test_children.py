"""Programs that read files: what they say, and how they are ended."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from worksheets.formats import children
from worksheets.formats.children import TookTooLong


@pytest.fixture
def program(tmp_path: Path) -> Path:
    return tmp_path / "program.py"


def test_it_reads_what_it_is_given_and_says_what_it_made(program: Path) -> None:
    program.write_text(
        "import sys\n"
        "data = sys.stdin.buffer.read()\n"
        "sys.stdout.buffer.write(data[::-1])\n"
        "sys.stderr.write(sys.argv[1])\n"
        "sys.exit(7)\n"
    )
    data = b"ab" * 1_000_000  # more than a pipe holds
    done = children.run(program, "word", data=data, seconds=60)
    assert (done.returncode, done.stdout, done.stderr) == (7, data[::-1], b"word")


def test_it_is_told_no_secret(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://user:password@host/name")
    assert os.environ["SECRET_KEY"]
    program.write_text("import os\nprint(sorted(os.environ))\n")
    said = children.run(program, data=b"", seconds=60).stdout.decode()
    assert "PATH" in said
    assert "SECRET_KEY" not in said
    assert "DATABASE_URL" not in said


def test_its_time_is_over(program: Path) -> None:
    program.write_text("while True: pass\n")
    with pytest.raises(TookTooLong):
        children.run(program, data=b"", seconds=0.3)


def test_it_has_computed_for_too_long(program: Path) -> None:
    program.write_text("import os, signal\nos.kill(os.getpid(), signal.SIGXCPU)\n")
    with pytest.raises(TookTooLong):
        children.run(program, data=b"", seconds=60)


def test_whoever_looks_may_end_it(program: Path, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    program.write_text(
        f"import os, pathlib, sys, time\npathlib.Path({str(mark)!r}).write_text(str(os.getpid()))\n"
        "sys.stderr.write('begun')\nsys.stderr.flush()\ntime.sleep(60)\n"
    )

    def look(said: bytes) -> None:
        if said == b"begun":
            raise InterruptedError

    with pytest.raises(InterruptedError):
        children.run(program, data=b"", seconds=60, look=look)
    with pytest.raises(ProcessLookupError):
        os.kill(int(mark.read_text()), 0)
