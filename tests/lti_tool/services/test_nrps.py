"""A roster is read whole or said not to be, whatever a platform answers."""

from __future__ import annotations

import json

import pytest

from lti_tool.adapter.connector import Connector
from lti_tool.protocol.vocabulary import MediaType, Scope
from lti_tool.services import http, nrps
from lti_tool.services.errors import DeliveryProblem, ServiceError
from lti_tool.services.nrps import Member, MemberStatus, Roster
from tests.cast import Cast
from tests.lti_tool.rosters import FAULTY, connect, following, page, person, questions
from tests.platform.fake import FakePlatform
from tests.platform.server import HTML_PAGE, Fault
from tests.reported import reported


@pytest.fixture
def lms(fake_platform: FakePlatform, cast: Cast) -> FakePlatform:
    connect(fake_platform, cast.course)
    return fake_platform


def read(cast: Cast, etag: str = "", seconds: float | None = None) -> Roster | None:
    context = cast.course.context
    platform = Connector(context.deployment.registration, seconds=seconds)
    return nrps.read_roster(platform, context.roster_url, etag)


def roster(cast: Cast) -> Roster:
    found = read(cast)
    assert found is not None
    return found


def ids(found: Roster) -> list[str]:
    return [member.user_id for member in found.members]


def failure(cast: Cast, seconds: float | None = None) -> ServiceError:
    with pytest.raises(ServiceError) as caught:
        read(cast, seconds=seconds)
    assert not caught.value.permanent
    return caught.value


def test_it_is_asked_for_as_the_specification_says(cast: Cast, lms: FakePlatform) -> None:
    lms.fail(FAULTY, page(person("101")))
    assert roster(cast).is_complete
    (asked,) = questions(lms)
    assert (asked.method, asked.target) == ("GET", "/members?type=1")
    assert asked.headers["accept"] == MediaType.MEMBERSHIP_CONTAINER
    assert lms.asked_for("token")[0].form["scope"] == Scope.MEMBERSHIP_READONLY


def test_members_with_all_that_they_tell(cast: Cast, lms: FakePlatform) -> None:
    names = {"name": "Amina Abdullahi", "given_name": "Amina", "family_name": "Abdullahi"}
    lms.fail(FAULTY, page(person("101", "Learner", email="a@school.example", **names)))
    assert roster(cast).members == (Member("101", ("Learner",), MemberStatus.ACTIVE, **names),)


def test_an_id_that_is_a_number_is_the_same_as_in_a_launch(cast: Cast, lms: FakePlatform) -> None:
    lms.fail(FAULTY, page(person("1"), {"user_id": 9, "roles": ["Learner"]}, person("9")))
    found = roster(cast)
    assert found.is_complete
    assert ids(found) == ["1", "9"]


def test_a_whole_number_with_a_point_is_the_same_id(cast: Cast, lms: FakePlatform) -> None:
    lms.fail(FAULTY, page({"user_id": 9.0, "roles": ["Learner"]}, person("9")))
    assert ids(roster(cast)) == ["9"]


def test_names_may_be_missing_null_or_of_a_wrong_type(cast: Cast, lms: FakePlatform) -> None:
    lms.fail(FAULTY, page(person("1"), person("2", name=None), person("3", name=7, given_name=[])))
    found = roster(cast)
    assert found.is_complete
    assert [(m.name, m.given_name, m.family_name) for m in found.members] == [("", "", "")] * 3


@reported("lti-14a")
def test_names_that_are_none(cast: Cast, lms: FakePlatform) -> None:
    nobody = {"name": "-", "given_name": "\u200b", "family_name": " "}
    lms.fail(FAULTY, page(person("1", **nobody), person("2", **{**nobody, "name": " Amina "})))
    assert [(m.name, m.given_name, m.family_name) for m in roster(cast).members] == [
        ("", "", ""),
        ("Amina", "", ""),
    ]


def test_texts_that_no_database_stores(cast: Cast, lms: FakePlatform) -> None:
    body = rb'{"members": [{"user_id": "1", "roles": [], "name": "\u0000A\ud800 ' + b"x" * 900
    lms.fail(FAULTY, Fault(200, body + b'"}]}'))
    (member,) = roster(cast).members
    assert member.name.startswith("A? xx")
    assert len(member.name) <= 500


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Active", MemberStatus.ACTIVE),
        ("Inactive", MemberStatus.INACTIVE),
        ("Deleted", MemberStatus.DELETED),
        ("inactive", MemberStatus.INACTIVE),
        pytest.param(
            "http://purl.imsglobal.org/vocab/lis/v2/status#Deleted",
            MemberStatus.DELETED,
            marks=reported("lti-09b"),
        ),
        pytest.param("liss:Inactive", MemberStatus.INACTIVE, marks=reported("lti-09b")),
        ("http://purl.imsglobal.org/vocab/lis/v2/status#INACTIVE", MemberStatus.INACTIVE),
        ("http://purl.imsglobal.org/vocab/lis/v2/status/Deleted", MemberStatus.DELETED),
        ("LISS:deleted ", MemberStatus.DELETED),
        ("http://purl.imsglobal.org/vocab/lis/v2/status#Active", MemberStatus.ACTIVE),
        ("urn:Deleted:not", MemberStatus.ACTIVE),
        ([], MemberStatus.ACTIVE),
        (None, MemberStatus.ACTIVE),
        ("Sleeping", MemberStatus.ACTIVE),
        (3, MemberStatus.ACTIVE),
    ],
)
def test_status(cast: Cast, lms: FakePlatform, said: object, meant: MemberStatus) -> None:
    lms.fail(FAULTY, page(person("101", status=said)))
    assert roster(cast).members[0].status == meant


@pytest.mark.parametrize(
    "odd",
    [
        "text",
        None,
        {},
        {"user_id": "9"},
        {"user_id": True, "roles": []},
        {"user_id": 9.5, "roles": []},
        {"user_id": ["9"], "roles": []},
        {"user_id": "", "roles": []},
        {"user_id": "9" * 256, "roles": []},
        {"user_id": "9\0", "roles": []},
        {"user_id": "9", "roles": "Learner"},
        {"user_id": "9", "roles": [7]},
        {"user_id": "9", "roles": ["Learner"] * 101},
    ],
    ids=repr,
)
def test_a_member_of_the_wrong_shape_is_passed_over_and_the_list_not_complete(
    cast: Cast, lms: FakePlatform, odd: object
) -> None:
    lms.fail(FAULTY, page(person("1"), odd, person("2")))
    found = roster(cast)
    assert ids(found) == ["1", "2"]
    assert found.problem == DeliveryProblem.ANSWER_UNREADABLE
    assert not found.is_complete


def test_an_empty_list_is_read_and_not_believed(cast: Cast, lms: FakePlatform) -> None:
    lms.fail(FAULTY, page())
    found = roster(cast)
    assert (found.members, found.problem, found.is_complete) == ((), None, False)


def test_who_is_listed_twice_is_one_person_with_both_roles(cast: Cast, lms: FakePlatform) -> None:
    lms.fail(FAULTY, page(person("1", "Learner"), person("2"), person("1", "Instructor")))
    found = roster(cast)
    assert ids(found) == ["1", "2"]
    assert found.members[0].roles == ("Instructor", "Learner")


def test_who_is_listed_twice_is_active_if_one_entry_is(cast: Cast, lms: FakePlatform) -> None:
    gone, here = {**person("1"), "status": "Deleted"}, {**person("1"), "status": "Active"}
    lms.fail(FAULTY, page(gone, here, {**person("2"), "status": "Inactive"}, person("2")))
    assert {member.status for member in roster(cast).members} == {MemberStatus.ACTIVE}


# --- pages ---


def test_pages_are_followed_with_their_capitals(cast: Cast, lms: FakePlatform) -> None:
    lms.fail(
        FAULTY,
        page(person("1"), Link=following(f"{lms.url}/members?page=bookmark:WyJBYiJd")),
        page(person("2"), Link=f'</members?p=3>; rel="next", <{lms.url}/m>; rel="first"'),
        page(person("3"), Link=f'<{lms.url}/members>; rel="first"'),
    )
    found = roster(cast)
    assert ids(found) == ["1", "2", "3"]
    assert found.is_complete
    targets = [asked.target for asked in questions(lms)]
    assert targets == ["/members?type=1", "/members?page=bookmark:WyJBYiJd", "/members?p=3"]


@pytest.mark.parametrize("rel", ["next", "NEXT", "'next'", '"last next"', "“next”"])
def test_a_next_page_is_not_overlooked(cast: Cast, lms: FakePlatform, rel: str) -> None:
    wire = f"<{lms.url}/members?p=2>; rel={rel}".encode().decode("latin-1")
    lms.fail(FAULTY, page(person("1"), Link=wire), page(person("2")))
    assert ids(roster(cast)) == ["1", "2"]


@pytest.mark.parametrize(
    "link", ["", "nonsense", '<>; rel="prev"', '</x>; rel="next-archive"', ";;"]
)
def test_other_links_lead_nowhere(cast: Cast, lms: FakePlatform, link: str) -> None:
    lms.fail(FAULTY, page(person("1"), Link=link))
    assert roster(cast).is_complete
    assert len(questions(lms)) == 1


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.example/members",
        "http://127.0.0.1:1/members",
        "//elsewhere.example/members",
        "http://[::1",
        "http://127.0.0.1:x/",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
    ],
)
def test_our_token_goes_to_no_other_host(cast: Cast, lms: FakePlatform, url: str) -> None:
    lms.fail(FAULTY, page(person("1"), Link=following(url)))
    found = roster(cast)
    assert ids(found) == ["1"]
    assert found.problem == DeliveryProblem.ANSWER_UNREADABLE
    assert len(questions(lms)) == 1


def test_a_loop_ends(cast: Cast, lms: FakePlatform) -> None:
    again = cast.course.context.roster_url
    lms.fail(
        FAULTY,
        page(person("1"), Link=following(f"{lms.url}/members?p=2")),
        page(person("2"), Link=following(again)),
    )
    found = roster(cast)
    assert (ids(found), found.is_complete) == (["1", "2"], False)
    assert len(questions(lms)) == 2


def endless(lms: FakePlatform, count: int) -> None:
    lms.fail(
        FAULTY,
        *(
            page(person(f"{n}"), person(f"{n}-b"), Link=following(f"{lms.url}/members?p={n}"))
            for n in range(count)
        ),
    )


def test_pages_are_bounded(cast: Cast, lms: FakePlatform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nrps, "MAX_PAGES", 3)
    endless(lms, 10)
    assert not roster(cast).is_complete
    assert len(questions(lms)) == 3


def test_members_are_bounded(
    cast: Cast, lms: FakePlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nrps, "MAX_MEMBERS", 5)
    endless(lms, 10)
    found = roster(cast)
    assert (len(found.members), found.is_complete) == (6, False)
    lms.mend()
    lms.fail(FAULTY, page(*(person(str(n)) for n in range(6))))
    assert failure(cast).problem == DeliveryProblem.ANSWER_UNREADABLE


def test_time_is_bounded(cast: Cast, lms: FakePlatform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nrps, "MAX_SECONDS", 0.0)
    endless(lms, 10)
    found = roster(cast)
    assert (len(found.members), found.is_complete) == (2, False)


@pytest.mark.parametrize(
    "fault", [Fault(500), Fault(404), HTML_PAGE, Fault(reset=True), Fault(200, b"{}")], ids=repr
)
def test_what_was_read_before_a_page_failed_is_kept(
    cast: Cast, lms: FakePlatform, fault: Fault
) -> None:
    lms.fail(FAULTY, page(person("1"), Link=following(f"{lms.url}/members?p=2")), fault)
    found = roster(cast)
    assert ids(found) == ["1"]
    assert found.problem is not None
    assert not found.is_complete


# --- what has not changed ---


def test_an_unchanged_roster_is_not_sent_again(cast: Cast, lms: FakePlatform) -> None:
    lms.fail(FAULTY, page(person("1"), ETag='W/"abc"'), Fault(304))
    etag = roster(cast).etag
    assert etag == 'W/"abc"'
    assert read(cast, etag) is None
    assert questions(lms)[1].headers["if-none-match"] == 'W/"abc"'


def test_a_tag_that_speaks_for_one_page_is_not_kept(cast: Cast, lms: FakePlatform) -> None:
    link = following(f"{lms.url}/members?p=2")
    lms.fail(FAULTY, page(person("1"), Link=link, ETag='"one"'), page(person("2"), ETag='"two"'))
    found = roster(cast)
    assert (found.etag, found.is_complete) == ("", True)
    lms.fail(FAULTY, page(person("1"), "odd", ETag='"three"'))
    assert roster(cast).etag == ""


def test_only_the_first_page_is_asked_for_with_a_tag(cast: Cast, lms: FakePlatform) -> None:
    link = following(f"{lms.url}/members?p=2")
    lms.fail(FAULTY, page(person("1"), Link=link), page(person("2")))
    assert read(cast, '"old"') is not None
    first, second = questions(lms)
    assert first.headers["if-none-match"] == '"old"'
    assert "if-none-match" not in second.headers


@pytest.mark.parametrize("tag", ['"' + "x" * 300 + '"', '"caf\xe9"'])
def test_an_odd_tag_is_not_kept(cast: Cast, lms: FakePlatform, tag: str) -> None:
    lms.fail(FAULTY, page(person("1"), ETag=tag))
    assert roster(cast).etag == ""


def test_nothing_new_where_nothing_was_known_is_no_answer(cast: Cast, lms: FakePlatform) -> None:
    lms.fail(FAULTY, Fault(304))
    assert failure(cast).problem == DeliveryProblem.ANSWER_UNREADABLE


# --- no roster at all ---


@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        (HTML_PAGE, DeliveryProblem.ANSWER_UNREADABLE),
        (Fault(200, b""), DeliveryProblem.ANSWER_UNREADABLE),
        (Fault(200, b"[]"), DeliveryProblem.ANSWER_UNREADABLE),
        (Fault(200, b'{"members": {}}'), DeliveryProblem.ANSWER_UNREADABLE),
        (Fault(200, b'{"members": null}'), DeliveryProblem.ANSWER_UNREADABLE),
        (Fault(204), DeliveryProblem.ANSWER_UNREADABLE),
        (Fault(302, headers={"Location": "/login"}), DeliveryProblem.ANSWER_UNREADABLE),
        (Fault(400), DeliveryProblem.NOT_ACCEPTED),
        (Fault(403), DeliveryProblem.NOT_ALLOWED),
        (Fault(403, b"403 Forbidden (Rate Limit Exceeded)"), DeliveryProblem.BUSY),
        (Fault(404), DeliveryProblem.NOT_ACCEPTED),
        (Fault(429), DeliveryProblem.BUSY),
        (Fault(500), DeliveryProblem.SERVER_ERROR),
        (Fault(503), DeliveryProblem.SERVER_ERROR),
        (Fault(reset=True), DeliveryProblem.UNREACHABLE),
        (Fault(hang=True), DeliveryProblem.UNREACHABLE),
    ],
    ids=repr,
)
def test_why_there_is_none(
    cast: Cast, lms: FakePlatform, fault: Fault, problem: DeliveryProblem
) -> None:
    lms.fail(FAULTY, fault)
    assert failure(cast, seconds=0.5 if fault.hang else None).problem == problem


def test_a_token_that_is_never_good(cast: Cast, lms: FakePlatform) -> None:
    lms.always_fail(FAULTY, Fault(401))
    assert failure(cast).problem == DeliveryProblem.TOKEN_REFUSED


def test_a_scope_that_is_not_granted_is_not_a_wrong_registration(
    cast: Cast, lms: FakePlatform
) -> None:
    lms.fail("token", Fault(400, json.dumps({"error": "invalid_scope"}).encode()))
    assert failure(cast).problem == DeliveryProblem.NOT_ALLOWED


@pytest.mark.parametrize("endpoint", ["token", FAULTY])
@pytest.mark.parametrize("fault", [Fault(hang=True), Fault(drip=True)], ids=["hang", "drip"])
def test_a_platform_that_hangs_is_given_up_soon(
    cast: Cast,
    lms: FakePlatform,
    monkeypatch: pytest.MonkeyPatch,
    endpoint: str,
    fault: Fault,
) -> None:
    """It never comes to an end by itself, and the usual limits do not end it either."""
    monkeypatch.setattr(http, "READ_SECONDS", 3600.0)
    monkeypatch.setattr(http, "BODY_SECONDS", 3600.0)
    lms.fail(endpoint, fault)
    failure(cast, seconds=0.5)


@pytest.mark.parametrize("address", ["http://[::1", "ftp://127.0.0.1/", "http://a..b/"])
def test_an_impossible_address(cast: Cast, lms: FakePlatform, address: str) -> None:
    cast.course.context.roster_url = address
    assert failure(cast).problem == DeliveryProblem.UNREACHABLE
