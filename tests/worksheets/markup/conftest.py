"""One text for each problem that the parser knows."""

from __future__ import annotations

import pytest

PROBLEMS = {
    "answer-not-in-bank": "___a___\n\n[[ b ]]",
    "anticipated-accepted": "___a | !A___",
    "bad-detail": "??? 0 marks",
    "bad-number": "___#many___",
    "bad-pattern": r"___~a\*b*___",
    "bad-weight": "___101%: a___",
    "bank-in-text": "Choose from [[ a | b ]]",
    "bank-runs-out": "___a___ ___a___\n\n[[ each word once: a ]]",
    "bank-too-long": f"[[ {' | '.join(map(str, range(201)))} ]]",
    "empty-answer": "___a||b___",
    "empty-bank": "[[ ]]",
    "empty-interpretation": "A. x > y",
    "footnote-twice": "x[^1]\n\n[^1]: a\n\n[^1]: b",
    "gap-in-bank": "[[ ____ ]]",
    "gap-in-link": "[a ___b___](https://example.org)",
    "gap-not-here": "x[^1]\n\n[^1]: ___a___",
    "gap-without-key": "____",
    "glued-underscores": "word___ x",
    "group-of-one": "___&g: a___",
    "group-too-large": "___&g: a___ " * 31,
    "group-without-name": "___&: a___",
    "interpretation-twice": "A. x > y\ntext\n\nA. y > x\ntext",
    "line-in-model": "???\nmodel: a\n2. Why?",
    "misplaced-because": "(a) x\n(b) y\n???\nrank: A | B\nbecause:",
    "misplaced-rank": "rank: A | B",
    "misplaced-right": "right: A > B",
    "misplaced-which": "A. x > y\n??? which",
    "misplaced-words": "??? up to 20 words\nrank: A | B",
    "missing-footnote": "x[^1]",
    "no-interpretations": "??? which",
    "option-order": "(a) x\n(b) y\n(d) z",
    "pattern-in-bank": "___~a*___\n\n[[ * | b ]]",
    "picture-in-text": "see ![a](b.png)",
    "picture-name": "![a](https://example.org/b.png)",
    "picture-without-text": "![](b.png)",
    "rank-things": "???\nrank: A",
    "repeated-answer": "___a | A___",
    "repeated-thing": "???\nrank: A | a",
    "repeated-word": "[[ a | A ]]",
    "right-as-listed": "??? 1 mark\nrank: A | B\nright: A > B",
    "right-without-marks": "???\nrank: A | B\nright: B > A",
    "setting-twice": "---\nspelling: counts\nspelling: counts\n---",
    "shown-key": "???\nrank: A | B\n**right:** B > A",
    "shown-model": "???\n**Model:** a",
    "stray-model": "model: a",
    "too-long": "x" * 200_001,
    "too-many-gaps": "___a___ " * 2001,
    "unclosed-bank": "[[ a | b",
    "unclosed-gap": "the ___word goes on",
    "uneven-table": "| a | b |\n|---|---|\n| c |",
    "unknown-detail": "??? soon",
    "unknown-setting": "---\ncolour: red\n---",
    "unknown-value": "---\nspelling: perhaps\n---",
    "unused-footnote": "[^1]: a",
    "wrong-order": "??? 1 mark\nrank: A | B\nright: A",
}


@pytest.fixture
def problem_examples() -> dict[str, str]:
    return PROBLEMS
