"""What stands for a row in an address."""

from django.urls import register_converter


class Number:
    """A primary key; a longer one than any database has is no address of ours."""

    regex = "[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(Number, "number")
