"""Numbers that stand for others on a page where names are hidden. Pure.

A pupil's attempt has one number everywhere else: on a page that hides the pupil's name it would
tell whose answer this is. So such a page uses other numbers, from which nobody without the key can
tell the first ones, and which are other ones for each question. They need no table: a Feistel
network of a keyed hash is a permutation of all numbers of 48 bits (Luby and Rackoff, 1988), and
can be undone.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache

_HALF = 24  # bits
_MASK = (1 << _HALF) - 1
# Three rounds are a permutation that cannot be told from a random one by whoever sees its values;
# a fourth would be for those who may also ask for their inverse.
_ROUNDS = (b"0", b"1", b"2")
LIMIT = 1 << 2 * _HALF
_MAX_KEPT = 1 << 15  # hidden numbers of a process: the page of a large class names all of them


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """The numbers under one key, of 32 bytes."""

    key: bytes

    def hide(self, number: int) -> int:
        """Return the number that stands for this one. Raise ValueError if it is out of range."""
        return _hide(self.key, number)

    def reveal(self, number: int) -> int:
        """Return the number for which this one stands. Raise ValueError if it is out of range."""
        left, right = _halves(number)
        for step in reversed(_ROUNDS):
            left, right = right ^ _mix(self.key + step, left), left
        return left << _HALF | right

    def sign(self, text: str) -> str:
        """Return a text that stands for this one."""
        return hashlib.blake2b(text.encode(), key=self.key, digest_size=12).hexdigest()


@lru_cache(maxsize=_MAX_KEPT)
def _hide(key: bytes, number: int) -> int:
    left, right = _halves(number)
    for step in _ROUNDS:
        left, right = right, left ^ _mix(key + step, right)
    return left << _HALF | right


def _mix(key: bytes, half: int) -> int:
    # BLAKE2 needs no HMAC: its hash of a key and a text tells nothing about the key.
    content = key + half.to_bytes(3, "big")
    return int.from_bytes(hashlib.blake2b(content, digest_size=3).digest(), "big")


def _halves(number: int) -> tuple[int, int]:
    if not 0 <= number < LIMIT:
        raise ValueError(f"{number} has more than 48 bits.")
    return number >> _HALF, number & _MASK
