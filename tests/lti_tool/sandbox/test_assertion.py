import math

import pytest

from lti_tool.sandbox.platform.assertion import check
from lti_tool.sandbox.platform.signed_claims import BadClaimError

NOW = 1_800_000_000
TOKEN_URL = "http://127.0.0.1:8000/lti/token"
GOOD: dict[str, object] = {
    "iss": "tool",
    "sub": "tool",
    "aud": TOKEN_URL,
    "iat": NOW,
    "exp": NOW + 60,
    "jti": "once",
}


def checked(**changes: object) -> object:
    claims = {name: value for name, value in {**GOOD, **changes}.items() if value is not ...}
    return check(claims, "tool", (TOKEN_URL, "http://127.0.0.1:8000"), NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"aud": "http://127.0.0.1:8000"},
        {"aud": ["https://elsewhere.example", TOKEN_URL]},
        {"iat": NOW + 5},
        {"exp": NOW - 5, "iat": NOW - 60},
        {"exp": NOW + 3600},
        {"iat": float(NOW)},
        {"nbf": NOW},
    ],
)
def test_what_holds(changes: dict[str, object]) -> None:
    assert checked(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": ...},
        {"iss": "another"},
        {"iss": ["tool"]},
        {"sub": ...},
        {"sub": "another"},
        {"aud": ...},
        {"aud": "https://elsewhere.example"},
        {"aud": []},
        {"aud": [1, None, {}]},
        {"aud": TOKEN_URL + "/"},
        {"jti": ...},
        {"jti": ""},
        {"jti": 7},
        {"jti": "x" * 256},
        {"iat": ...},
        {"iat": NOW + 60, "exp": NOW + 90},
        {"iat": True},
        {"iat": str(NOW)},
        {"exp": ...},
        {"exp": None},
        {"exp": NOW - 60, "iat": NOW - 120},
        {"exp": NOW + 86_400},
        {"exp": math.inf},
        {"exp": math.nan},
        {"exp": NOW + 60, "iat": NOW - 7200},
        {"exp": NOW - 1, "iat": NOW},
        {"nbf": NOW + 300},
        {"nbf": "soon"},
    ],
)
def test_what_does_not(changes: dict[str, object]) -> None:
    with pytest.raises(BadClaimError):
        checked(**changes)
