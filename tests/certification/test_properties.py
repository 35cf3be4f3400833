"""Whatever is sent to a login or a launch, nothing breaks and nobody rises."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from django.db import models
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.models import (
    Context,
    LineItem,
    Membership,
    Registration,
    ResourceLink,
    StoredLaunch,
    User,
)
from lti_tool.protocol.values import is_storable, is_web_address
from lti_tool.protocol.vocabulary import Claim
from tests.lti_tool.launching import Browser
from tests.lti_tool.selecting import deep_linking
from tests.platform.keys import Raw, raw_token
from tests.platform.launches import ABSENT, PUPIL, Platform
from tests.properties import costly

quietly = costly(100)

# JSON's own escapes carry NUL and lone surrogates, which no form could.
texts = st.text(st.characters(exclude_categories=[]), max_size=30) | st.sampled_from(
    ["", "\0", "\ud800", "Instructor", PUPIL, "https://a/", "http://[", "1.3.0", "client-1"]
)
numbers = st.integers() | st.floats() | st.sampled_from([10**400, -(10**400), 1e308])
scalars = st.none() | st.booleans() | numbers | texts
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=8,
)
names = st.sampled_from(
    [
        *(claim.value for claim in Claim if claim != Claim.ROLES),
        "iss",
        "aud",
        "azp",
        "sub",
        "iat",
        "exp",
        "nbf",
        "jti",
        "nonce",
        "name",
        "given_name",
        "family_name",
        "locale",
    ]
)
members = st.sampled_from(
    ["id", "title", "label", "scope", "lineitem", "lineitems", "locale", "return_url"]
)
sections = st.sampled_from(
    [
        Claim.RESOURCE_LINK.value,
        Claim.CONTEXT.value,
        Claim.AGS_ENDPOINT.value,
        Claim.LAUNCH_PRESENTATION.value,
    ]
)
whole = st.dictionaries(names, values, max_size=3)
inner = st.dictionaries(st.tuples(sections, members), values, min_size=1, max_size=3)
headers = st.fixed_dictionaries(
    {}, optional={"alg": values, "kid": values, "typ": values, "crit": values, "b64": values}
)


def assert_harmless(browser: Browser, state: str, token: str) -> None:
    """An answer, and a pupil is none but a pupil."""
    answer = browser.finish(state, token)
    assert answer.status in {302, 400, 403}, answer.text
    if answer.status == 302:
        assert browser.get(answer.location).status < 500
    assert not any(row.course_roles.is_teacher for row in Membership.objects.all())


def signed(platform: Platform, nonce: str, changes: Mapping[Any, object]) -> str:
    claims = platform.claims(nonce)
    for name, value in changes.items():
        if isinstance(name, tuple):
            if isinstance(claims[name[0]], dict):
                claims[name[0]][name[1]] = value
        else:
            claims[name] = value
    return raw_token({"alg": "RS256", "kid": platform.key.kid}, claims, platform.key)


@quietly
@given(changes=whole | inner)
def test_any_claims_signed_by_the_platform(
    platform: Platform, direct: Browser, changes: Mapping[Any, object]
) -> None:
    begun = direct.begin(platform)
    assert_harmless(direct, begun.state, signed(platform, begun.nonce, changes))


optional = st.sampled_from(
    [
        *("name", "given_name", "family_name", "locale", "azp", Claim.LIS.value),
        *(
            claim.value
            for claim in (
                Claim.CONTEXT,
                Claim.TOOL_PLATFORM,
                Claim.LAUNCH_PRESENTATION,
                Claim.CUSTOM,
                Claim.AGS_ENDPOINT,
                Claim.NRPS_SERVICE,
            )
        ),
        *((Claim.CONTEXT.value, name) for name in ("id", "label", "title")),
        *((Claim.AGS_ENDPOINT.value, name) for name in ("scope", "lineitem", "lineitems")),
        *((Claim.LAUNCH_PRESENTATION.value, name) for name in ("locale", "return_url")),
        *((Claim.CUSTOM.value, name) for name in ("link_history", "canvas_due_at", "resource")),
        (Claim.NRPS_SERVICE.value, "context_memberships_url"),
        (Claim.RESOURCE_LINK.value, "title"),
        (Claim.TOOL_PLATFORM.value, "product_family_code"),
    ]
)
LONG = st.sampled_from(["x" * 3000, "https://a/?" + "x y" * 700, ["x"] * 101, "é" * 600])


def assert_storable(row: models.Model) -> None:
    """Every value of a row fits its column, and a database other than SQLite takes it."""
    for field in row._meta.concrete_fields:
        value = field.value_from_object(row)
        assert is_storable(value)
        if isinstance(field, models.CharField):
            assert len(value) <= (field.max_length or 0)
        if isinstance(field, models.URLField):
            assert value == "" or is_web_address(value)


@quietly
@given(changes=st.dictionaries(optional, values | LONG, min_size=1, max_size=4))
def test_any_optional_claims_open_and_give_nobody_more(
    platform: Platform, direct: Browser, changes: Mapping[Any, object]
) -> None:
    """Whatever stands in them, the launch opens as what it is without them."""
    begun = direct.begin(platform)
    # Whole claims first: members are put into those that are objects still.
    ordered = sorted(changes.items(), key=lambda item: isinstance(item[0], tuple))
    answer = direct.finish(begun.state, signed(platform, begun.nonce, dict(ordered)))
    assert answer.status == 302, answer.text
    assert direct.get(answer.location).status == 200
    launch = StoredLaunch.objects.get(nonce=begun.nonce)
    assert launch.membership.roles == [PUPIL]
    assert launch.reviewed is None
    for model in (StoredLaunch, Context, ResourceLink, LineItem, User, Registration):
        for row in model._default_manager.all():
            assert_storable(row)
    StoredLaunch.objects.all().delete()


@quietly
@given(
    settings=st.dictionaries(
        st.sampled_from(["accept_multiple", "accept_lineitem", "title", "text", "auto_create"]),
        values,
        max_size=4,
    ),
    data=values,
)
def test_any_optional_settings_of_deep_linking_open(
    platform: Platform, direct: Browser, settings: dict[str, object], data: object
) -> None:
    """Only data that could not be sent back is refused."""
    begun = direct.begin(platform)
    asked = {**platform.claims(begun.nonce), **deep_linking(data=data, **settings)}
    claims = {name: value for name, value in asked.items() if value is not ABSENT}
    token = raw_token({"alg": "RS256", "kid": platform.key.kid}, claims, platform.key)
    answer = direct.finish(begun.state, token)
    if answer.status == 302:
        stored = StoredLaunch.objects.get(nonce=begun.nonce).deep_linking
        assert stored is not None
        assert json.dumps(stored["data"]) == json.dumps(data)
    else:
        assert not is_storable(data)


@quietly
@given(roles=values)
def test_any_roles_signed_by_the_platform(
    platform: Platform, direct: Browser, roles: object
) -> None:
    begun = direct.begin(platform)
    changes = {Claim.ROLES.value: roles}
    answer = direct.finish(begun.state, signed(platform, begun.nonce, changes))
    assert answer.status in {302, 400}
    named = [role for role in roles if isinstance(role, str)] if isinstance(roles, list) else []
    if answer.status == 302 and not any("Instructor" in role for role in named):
        latest = Membership.objects.get()
        assert not latest.course_roles.is_teacher


@quietly
@given(header=headers)
def test_any_header(platform: Platform, direct: Browser, header: Mapping[str, object]) -> None:
    begun = direct.begin(platform)
    names = {"alg": "RS256", "kid": platform.key.kid, **header}
    token = raw_token(names, platform.claims(begun.nonce), platform.key)
    assert_harmless(direct, begun.state, token)


@quietly
@given(header=values, body=values)
def test_any_json_for_a_token(
    platform: Platform, direct: Browser, header: object, body: object
) -> None:
    begun = direct.begin(platform)
    assert_harmless(direct, begun.state, raw_token(header, body, platform.key))


@quietly
@given(data=st.data())
def test_a_token_with_letters_changed(
    platform: Platform, direct: Browser, data: st.DataObject
) -> None:
    begun = direct.begin(platform)
    token = list(platform.token(begun.nonce))
    places = st.integers(min_value=0, max_value=len(token) - 1)
    letters = st.sampled_from(["", ".", "=", "A", "z", "_", "+", "/", "é", "\n", "{"])
    for place, letter in data.draw(st.lists(st.tuples(places, letters), min_size=1, max_size=4)):
        token[place] = letter
    assert_harmless(direct, begun.state, "".join(token))


@quietly
@given(share=st.floats(min_value=0, max_value=1), from_front=st.booleans())
def test_a_token_cut_short(
    platform: Platform, direct: Browser, share: float, from_front: bool
) -> None:
    begun = direct.begin(platform)
    token = platform.token(begun.nonce)
    cut = int(share * (len(token) - 1))
    answer = direct.finish(begun.state, token[cut + 1 :] if from_front else token[:cut])
    assert answer.status == 400


@quietly
@given(form=st.dictionaries(st.sampled_from(["state", "id_token", "error", "x"]), st.text()))
def test_any_launch_form(platform: Platform, direct: Browser, form: dict[str, str]) -> None:
    safe = {name: value.encode("utf-8", "replace").decode() for name, value in form.items()}
    direct.begin(platform)
    assert direct.send("POST", "/lti/launch/", safe).status == 400


@quietly
@given(
    form=st.dictionaries(
        st.sampled_from(
            ["iss", "login_hint", "client_id", "lti_message_hint", "target_link_uri", "x"]
        ),
        st.text() | st.sampled_from(["https://lms.example", "client-1"]),
    ),
    method=st.sampled_from(["GET", "POST"]),
    frame=st.sampled_from(["", "iframe"]),
)
def test_any_login_form(
    platform: Platform, direct: Browser, form: dict[str, str], method: str, frame: str
) -> None:
    direct.cookie = ""
    safe = {name: value.encode("utf-8", "replace").decode() for name, value in form.items()}
    answer = direct.send(method, "/lti/login/", safe, headers={"Sec-Fetch-Dest": frame})
    assert answer.status in {302, 400, 403}
    if answer.status == 302:
        assert answer.location.startswith((platform.lms.url, "/lti/login/?"))


@quietly
@given(body=st.binary(max_size=200), path=st.sampled_from(["/lti/login/", "/lti/launch/"]))
def test_any_bytes(direct: Browser, body: bytes, path: str) -> None:
    assert direct.send("POST", path, body=body).status in {400, 403}


@quietly
@given(body=st.binary(max_size=200))
def test_any_bytes_of_a_multipart_form(direct: Browser, body: bytes) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    part = b'--x\r\nContent-Disposition: form-data; name="state"\r\n\r\n' + body + b"\r\n--x--\r\n"
    for content in (body, part):
        sent = direct.send("POST", "/lti/launch/", body=content, headers=headers)
        assert sent.status in {400, 403}


@quietly
@given(token=st.text(alphabet="abc.-_0123:é", min_size=40, max_size=90))
def test_any_address_of_an_activity(direct: Browser, token: str) -> None:
    assert direct.get(f"/a/{token}/").status in {403, 404}


@pytest.mark.parametrize("where", ["header", "body"])
def test_no_depth_of_nesting_breaks_it(
    platform: Platform, direct: Browser, caplog: pytest.LogCaptureFixture, where: str
) -> None:
    """Somewhere a parser gives up, and a second parser may give up a little earlier."""
    begun = direct.begin(platform)
    header = {"alg": "RS256", "kid": platform.key.kid}
    parts = {"header": header, "body": platform.claims(begun.nonce, {"exp": 0})}

    def is_read(depth: int) -> bool:
        # The nesting is put in as text: the encoder of the test has limits of its own.
        texts = {name: Raw(json.dumps(part)) for name, part in parts.items()}
        nested = f'"deep": {"[" * depth}{"]" * depth}'
        texts[where] = Raw(f"{texts[where][:-1]}, {nested}}}")
        caplog.clear()
        token = raw_token(texts["header"], texts["body"], platform.key)
        assert direct.finish(begun.state, token).status == 400
        return "can't be decoded" not in caplog.text

    read, unread = 1, 10_000
    assert is_read(read)
    assert not is_read(unread)
    while unread - read > 1:
        middle = (read + unread) // 2
        read, unread = (middle, unread) if is_read(middle) else (read, middle)
    for depth in range(max(1, read - 30), read):
        is_read(depth)
