"""Reading JSON that anyone may have sent: a value of plain types, or one kind of error."""

import json
from collections.abc import Collection
from decimal import Decimal
from typing import TypeGuard

JsonObject = dict[str, object]

LARGEST = Decimal(10) ** 9
FINEST = Decimal("1E-10")


class BadJsonError(ValueError):
    """What was sent is not JSON, or not JSON that can be kept."""


def read(body: bytes | str) -> object:
    """Parse strictly: UTF-8, no NaN, no lone surrogates, no abyss of brackets."""
    try:
        text = body if isinstance(body, str) else body.decode("utf-8")
        value = json.loads(text, parse_float=Decimal, parse_constant=_no_constant)
        json.dumps(value, ensure_ascii=False, default=str).encode("utf-8")
    except (ValueError, RecursionError, ArithmeticError) as error:
        raise BadJsonError("not JSON") from error
    return value


def read_object(body: bytes | str) -> JsonObject:
    value = read(body)
    if not isinstance(value, dict):
        raise BadJsonError("not a JSON object")
    return value


def is_one_of(value: object, texts: Collection[str]) -> TypeGuard[str]:
    """Whether it is one of these texts. A list or an object, which no set can look up, is none."""
    return isinstance(value, str) and value in texts


def _no_constant(name: str) -> object:
    raise BadJsonError(f"{name} is not JSON")


def as_decimal(value: object) -> Decimal | None:
    """A JSON number of a sensible size, to ten places; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        return None
    if isinstance(value, Decimal) and not value.is_finite():
        return None
    return Decimal(value).quantize(FINEST) if -LARGEST <= value <= LARGEST else None


def as_number(value: Decimal) -> int | float:
    """For writing: 20 rather than 20.0."""
    return int(value) if value == value.to_integral_value() else float(value)
