"""The path converter for primary keys."""

from django.urls import register_converter


class Number:
    """A primary key in a path, with no more digits than a database's integers hold."""

    regex = "[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(Number, "number")
