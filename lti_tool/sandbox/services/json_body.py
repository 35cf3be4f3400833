"""Functions that read untrusted JSON, and raise one kind of error."""

import json
from collections.abc import Collection
from decimal import Decimal
from typing import TypeGuard

JsonObject = dict[str, object]

MAX_NUMBER = Decimal(10) ** 9
PRECISION = Decimal("1E-10")


class BadJsonError(ValueError):
    """The error of a text that is not JSON, or not JSON that can be stored."""


def read(body: bytes | str) -> object:
    """Return a JSON value. Raise BadJsonError unless it is strict JSON in UTF-8.

    NaN, lone surrogates and nesting that is too deep are refused.
    """
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
    """Return whether a value is one of these texts.

    Unlike `in`, it works for lists and objects, which are not hashable.
    """
    return isinstance(value, str) and value in texts


def _no_constant(name: str) -> object:
    raise BadJsonError(f"{name} is not JSON")


def as_decimal(value: object) -> Decimal | None:
    """Return a number rounded to ten decimal places; None if it is none or beyond MAX_NUMBER."""
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        return None
    if isinstance(value, Decimal) and not value.is_finite():
        return None
    return Decimal(value).quantize(PRECISION) if -MAX_NUMBER <= value <= MAX_NUMBER else None


def as_number(value: Decimal) -> int | float:
    """Return a number for JSON, whole ones without a decimal point."""
    return int(value) if value == value.to_integral_value() else float(value)
