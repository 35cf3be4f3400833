"""Answers to a gap that are one word spelt in several ways, put together. Pure.

It is for a teacher's eyes, who sees each spelling: nothing is marked by it.
"""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz.distance import OSA

MAX_COMPARED = 500  # different answers to a gap: each is compared with the first of each group
MIN_LETTERS = 5  # in a shorter word another letter makes another word too often
LONG = 8  # letters, from which on two of them may be wrong


def together(answers: Iterable[str]) -> list[list[str]]:
    """Return groups of answers that are spelt nearly alike.

    The answers are as they are compared, without those that are equal; each stands with the first
    one that it is near to. Figures are never near to others.
    """
    groups: list[list[str]] = []
    for place, answer in enumerate(answers):
        near = (group for group in groups if place < MAX_COMPARED and _is_near(answer, group[0]))
        found = next(near, None)
        if found is None:
            groups.append([answer])
        else:
            found.append(answer)
    return groups


def _is_near(answer: str, first: str) -> bool:
    shorter = min(len(answer), len(first))
    if shorter < MIN_LETTERS or any(map(str.isdigit, answer + first)):
        return False
    most = 2 if shorter >= LONG else 1
    return OSA.distance(answer, first, score_cutoff=most) <= most
