"""Numbers in paths, queries and forms, with no more digits than a database's integers hold."""

import re

from django.urls import register_converter

DIGITS = "[0-9]{1,18}"


class Number:
    """The path converter for primary keys."""

    regex = DIGITS

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(Number, "number")


def parse_number(text: str | None) -> int | None:
    """Return a number of at most 18 ASCII digits; None if the text is anything else."""
    return int(text) if text and re.fullmatch(DIGITS, text) else None
