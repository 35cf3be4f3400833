"""The drafts of teachers' forms, as their script sends them and their pages show them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from lti_tool.audit import TOOL
from lti_tool.models import ResourceLink, StoredLaunch
from tests.cast import Cast, Someone
from tests.worksheets.html import Page
from tests.worksheets.sheets import RULES, hand_in, place, publish
from worksheets import authoring
from worksheets.models import Draft
from worksheets.privacy import erasure
from worksheets.views import drafts


def send(someone: Someone, body: object, page: str = "edit", number: int = 7) -> Any:
    data = body if isinstance(body, (str, bytes)) else json.dumps(body)
    address = someone.url("draft", page=page, number=number)
    return someone.client.post(address, data, content_type="application/json")


def draft(**fields: str) -> dict[str, object]:
    return {"base": "b", "fields": fields}


def saved_on(page: Page) -> Any:
    """What the page tells its script."""
    tag = next(line for line in page.html.split("data-draft-") if line.startswith('saved="'))
    text = tag.removeprefix('saved="').split('"')[0].replace("&quot;", '"')
    return json.loads(text) if text else None


def test_the_last_one_is_kept(cast: Cast) -> None:
    assert send(cast.ruth, draft(source="One")).status_code == 200
    send(cast.ruth, draft(source="Two", other="x"))
    row = Draft.objects.get()
    assert (row.user, row.page, row.number, row.base) == (cast.ruth.user, "edit", 7, "b")
    assert row.fields == {"source": "Two", "other": "x"}


def test_a_draft_of_another_window_stays_and_is_the_answer(cast: Cast) -> None:
    first = send(cast.ruth, {**draft(source="One"), "after": ""}).json()["at"]
    assert send(cast.ruth, {**draft(source="Two"), "after": first}).status_code == 200
    theirs = Draft.objects.get()
    for fields in ({"source": "Three"}, {}):
        for after in (first, ""):
            answer = send(cast.ruth, {"base": "b", "fields": fields, "after": after})
            assert answer.status_code == 409
            at = theirs.saved_at.isoformat()
            assert answer.json() == {
                "base": "b",
                "fields": {"source": "Two"},
                "sums": {},
                "at": at,
            }
    assert Draft.objects.get() == theirs
    assert send(cast.ruth, {"base": "b", "fields": {}, "after": at}).json() == {"at": ""}
    # Saved or discarded there meanwhile: what is typed here is all there is.
    assert send(cast.ruth, {**draft(source="Four"), "after": at}).status_code == 200


def window(name: str, number: int, text: str, **more: object) -> dict[str, object]:
    """What an opened page sends; it has heard of no draft."""
    return {**draft(source=text), "after": "", "window": name, "sent": number, **more}


def test_a_page_that_is_left_goes_on_from_no_answer(cast: Cast) -> None:
    assert send(cast.ruth, window("a", 1, "First half, ")).status_code == 200
    assert send(cast.ruth, window("a", 2, "First half, second half", last=True)).status_code == 200
    # Held up on its way.
    assert send(cast.ruth, window("a", 1, "First half, ")).status_code == 200
    assert Draft.objects.get().fields == {"source": "First half, second half"}


def test_what_another_window_held_when_it_was_left_is_kept_beside(cast: Cast) -> None:
    worksheet = authoring.create(cast.ruth.user, "# One", "New")
    send(cast.ruth, window("a", 1, "Mine"), number=worksheet.pk)
    assert send(cast.ruth, window("b", 1, "Not the last"), number=worksheet.pk).status_code == 409
    assert Draft.objects.get().beside is None
    assert (
        send(cast.ruth, window("b", 2, "Theirs", last=True), number=worksheet.pk).status_code == 409
    )
    page = Page(cast.ruth.client.get(cast.ruth.url("edit", number=worksheet.pk)))
    saved = saved_on(page)
    assert saved["fields"] == {"source": "Mine"}
    assert saved["beside"]["fields"] == {"source": "Theirs"}
    # The first window goes on, and knows nothing of it.
    at = send(
        cast.ruth, {**window("a", 2, "Mine, too"), "after": saved["at"]}, number=worksheet.pk
    ).json()["at"]
    assert Draft.objects.get().beside is not None
    answered = {"after": at, "answered": saved["beside"]["at"]}
    send(cast.ruth, {**window("c", 1, "Both"), **answered}, number=worksheet.pk)
    row = Draft.objects.get()
    assert (row.fields, row.beside) == ({"source": "Both"}, None)


def test_what_is_beside_a_draft_that_is_saved_becomes_the_draft(cast: Cast) -> None:
    worksheet = authoring.create(cast.ruth.user, "# One", "New")
    send(cast.ruth, window("a", 1, "# Mine"), number=worksheet.pk)
    send(cast.ruth, window("b", 1, "# Theirs", last=True), number=worksheet.pk)
    address = cast.ruth.url("edit", number=worksheet.pk)
    page = Page(cast.ruth.client.get(address))
    assert cast.ruth.client.post(address, {**page.posted, "source": "# Mine"}).status_code == 302
    assert Draft.objects.get().fields == {"source": "# Theirs"}


def test_sums_go_with_what_they_are_of(cast: Cast) -> None:
    """What was typed on two pages is joined by them: see drafts.js."""
    worksheet = authoring.create(cast.ruth.user, "# One", "New")
    sums = {"sums": {"source": 1, "other": 5}, "shown": {"source": 2, "x": 3}}
    send(cast.ruth, window("a", 1, "# Mine", **sums), number=worksheet.pk)
    send(cast.ruth, window("b", 1, "# Theirs", last=True, **sums), number=worksheet.pk)
    address = cast.ruth.url("edit", number=worksheet.pk)
    page = Page(cast.ruth.client.get(address))
    saved = saved_on(page)
    assert (saved["sums"], saved["beside"]["sums"]) == ({"source": 2}, {"source": 1})
    assert cast.ruth.client.post(address, {**page.posted, "source": "# Mine"}).status_code == 302
    assert Draft.objects.get().sums == {"source": 1}


@pytest.mark.parametrize(
    "wrong", [None, 1, [], {"source": "1"}, {"source": True}, {"source": 2**40}, {"source": 1.5}]
)
def test_sums_that_are_none_are_left_out(cast: Cast, wrong: object) -> None:
    assert (
        send(cast.ruth, {**draft(source="One"), "sums": wrong, "shown": wrong}).status_code == 200
    )
    assert Draft.objects.get().sums == {}


def versions(**counts: int) -> dict[str, object]:
    """The version of the only field, by window."""
    return {"versions": {"source": counts}}


def test_what_was_saved_leaves_its_versions_and_no_text(cast: Cast) -> None:
    worksheet = authoring.create(cast.ruth.user, "# One", "New")
    send(cast.ruth, window("a", 1, "# Mine", **versions(a=3)), number=worksheet.pk)
    address = cast.ruth.url("edit", number=worksheet.pk)
    page = Page(cast.ruth.client.get(address))
    assert saved_on(page)["versions"] == {"source": {"a": 3}}
    assert cast.ruth.client.post(address, {**page.posted, "source": "# Mine"}).status_code == 302
    row = Draft.objects.get()
    assert (row.fields, row.sums, row.versions) == ({}, {}, {"source": {"a": 3, "~": 1}})
    # Held up on its way: it goes on from a draft that is not there any more.
    late = {**window("a", 2, "# Mine, as before", **versions(a=2)), "after": saved_on(page)["at"]}
    assert send(cast.ruth, late, number=worksheet.pk).status_code == 409
    assert send(cast.ruth, {**late, "last": True}, number=worksheet.pk).status_code == 409
    row.refresh_from_db()
    assert (row.fields, row.beside) == ({}, None)


def test_what_was_discarded_leaves_its_versions(cast: Cast) -> None:
    at = send(cast.ruth, window("a", 1, "Mine", **versions(a=1))).json()["at"]
    nothing = {"base": "b", "fields": {}, "after": at, "window": "a", "sent": 2}
    assert send(cast.ruth, {**nothing, **versions(a=2)}).status_code == 200
    row = Draft.objects.get()
    assert (row.fields, row.versions) == ({}, {"source": {"a": 2}})


def test_a_last_request_is_kept_beside_unless_all_of_it_has_arrived(cast: Cast) -> None:
    send(cast.ruth, window("a", 1, "Both", **versions(a=1, b=2)))
    older = window("b", 1, "Theirs", last=True, **versions(b=2))
    assert send(cast.ruth, older).status_code == 409
    assert Draft.objects.get().beside is None
    newer = window("b", 2, "Theirs, too", last=True, **versions(b=3))
    assert send(cast.ruth, newer).status_code == 409
    row = Draft.objects.get()
    assert row.beside is not None
    both = {**window("c", 1, "All", **versions(a=1, b=3, c=1)), "after": row.saved_at.isoformat()}
    assert send(cast.ruth, both).status_code == 200
    assert Draft.objects.get().beside is None


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        1,
        [],
        {"source": None},
        {"source": {"a": -1}},
        {"source": {"a": True}},
        {"source": {"a" * 17: 1}},
        {"source": {str(n): 1 for n in range(33)}},
        {"s" * 201: {"a": 1}},
        {str(n): {str(m): 1 for m in range(32)} for n in range(2000)},
    ],
    ids=lambda wrong: str(wrong)[:30],
)
def test_versions_that_are_none_are_left_out(cast: Cast, wrong: object) -> None:
    assert send(cast.ruth, {**draft(source="One"), "versions": wrong}).status_code == 200
    assert Draft.objects.get().versions == {}


@pytest.mark.parametrize("wrong", [[], [1] * 17, [True], ["1"], [2**40], [[1]]], ids=str)
def test_lists_of_sums_that_are_none_are_left_out(cast: Cast, wrong: object) -> None:
    sums = {"source": [1, 2], "other": wrong}
    assert send(cast.ruth, {**draft(source="One", other="x"), "shown": sums}).status_code == 200
    assert Draft.objects.get().sums == {"source": [1, 2]}


@pytest.mark.parametrize(
    "wrong", [{"window": "a" * 17}, {"window": 1}, {"sent": -1}, {"sent": "1"}, {"sent": True}]
)
def test_what_names_no_window_is_a_400(cast: Cast, wrong: dict[str, object]) -> None:
    assert send(cast.ruth, {**draft(source="One"), **wrong}).status_code == 400


def test_nothing_typed_is_no_draft(cast: Cast) -> None:
    send(cast.ruth, draft(source="One"))
    assert send(cast.ruth, draft()).status_code == 200
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[",
        "[" * 10_000,
        b"\xff",
        "[]",
        {},
        {"base": "b"},
        {"fields": {"a": "b"}},
        {"base": 3, "fields": {"a": "b"}},
        {"base": "b", "fields": {"a": "b"}, "after": 3},
        {"base": "b" * 101, "fields": {"a": "b"}},
        {"base": "b", "fields": ["a"]},
        {"base": "b", "fields": {"a": 1}},
        {"base": "b", "fields": {"a": None}},
        {"base": "b", "fields": {"a": "x" * 500_001}},
        {"base": "b", "fields": {str(n): "" for n in range(2001)}},
    ],
    ids=lambda body: str(body)[:30],
)
def test_what_cannot_be_kept_is_a_400(cast: Cast, body: object) -> None:
    assert send(cast.ruth, body).status_code == 400
    assert not Draft.objects.exists()


def test_only_known_pages_have_drafts(cast: Cast) -> None:
    assert send(cast.ruth, draft(a="b"), page="nothing").status_code == 400


def test_what_no_database_stores(cast: Cast) -> None:
    assert send(cast.ruth, {"base": "\0", "fields": {"a\0": "\ud800b"}}).status_code == 200
    assert Draft.objects.get().fields == {"a\ufffd": "\ufffdb"}


def test_pupils_have_none(cast: Cast) -> None:
    assert send(cast.amina, draft(a="b")).status_code == 403


def test_the_oldest_go(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "MAX_DRAFTS", 2)
    for number in (1, 2, 3):
        send(cast.ruth, draft(a="b"), number=number)
    assert sorted(Draft.objects.values_list("number", flat=True)) == [2, 3]


class TestPages:
    def test_the_editor_tells_its_script_and_forgets_it_once_saved(self, cast: Cast) -> None:
        worksheet = authoring.create(cast.ruth.user, "# One")
        send(cast.ruth, draft(source='# "Two" <b>'), number=worksheet.pk)
        url = cast.ruth.url("edit", number=worksheet.pk)
        page = Page(cast.ruth.client.get(url))
        told = saved_on(page)
        assert (told["base"], told["fields"]) == ("b", {"source": '# "Two" &lt;b&gt;'})
        assert page.fields["source"].value == "# One"
        cast.ruth.client.post(url, {"source": "# Three"})
        assert not Draft.objects.exists()

    def test_the_same_version_at_another_link_is_another_form(self, cast: Cast) -> None:
        edition = publish(cast.ruth.user)
        send(cast.ruth, draft(opens_at="2126-01-01T08:00"), "assign", cast.course.link.pk)
        link = ResourceLink.objects.create(
            context=cast.course.context, deployment=cast.course.deployment, lti_id="another"
        )
        StoredLaunch.objects.filter(pk=cast.ruth.launch.pk).update(link=link)
        page = Page(cast.ruth.client.get(cast.ruth.url("assign", number=edition.pk)))
        assert saved_on(page) is None

    def test_a_page_that_says_what_is_wrong_is_based_on_what_it_began_with(
        self, cast: Cast
    ) -> None:
        """Else what was saved elsewhere would be overwritten without a word."""
        worksheet = authoring.create(cast.ruth.user, "# One")
        url = cast.ruth.url("edit", number=worksheet.pk)
        began = Page(cast.ruth.client.get(url)).fields
        authoring.save(worksheet, "# Of another window", seen=None)
        posted = {name: began[name].value for name in ("seen", "draft-base-edit")}
        answer = cast.ruth.client.post(url, {**posted, "source": "# Mine"})
        assert answer.status_code == 409
        page = Page(answer)
        assert page.fields["draft-base-edit"].value == began["draft-base-edit"].value
        assert "data-draft-bound" in page.html
        assert "data-draft-bound" not in Page(cast.ruth.client.get(url)).html

    def test_a_base_is_another_one_where_the_content_is_and_not_where_it_was_saved_again(
        self, cast: Cast
    ) -> None:
        attempt = hand_in(place(cast), cast.amina)
        edition = attempt.edition
        posted = {"q1-points": "3", "q1-comment": "Why?"}
        contents = {
            cast.ruth.url("edit", number=edition.worksheet_id): [
                {"source": "# One"},
                {"source": "# Two"},
            ],
            cast.ruth.url("attempt", number=attempt.pk): [posted, {**posted, "q1-points": "2"}],
        }
        for url, (first, second) in contents.items():
            bases = []
            for sent in (first, first, second, first):
                cast.ruth.client.post(url, sent)
                page = Page(cast.ruth.client.get(url))
                bases += [page.fields[name].value for name in page.fields if "draft-base" in name]
            again, and_again, another, back = bases
            assert again == and_again == back != another

    def test_what_was_not_saved_stays_a_draft(self, cast: Cast) -> None:
        worksheet = authoring.create(cast.ruth.user, "# One")
        send(cast.ruth, draft(source="# Two"), number=worksheet.pk)
        url = cast.ruth.url("edit", number=worksheet.pk)
        seen = datetime(2020, 1, 1, tzinfo=UTC).isoformat()
        assert cast.ruth.client.post(url, {"source": "x", "seen": seen}).status_code == 409
        assert cast.ruth.client.post(url, {"source": "x" * 200_001}).status_code == 422
        assert Draft.objects.exists()

    def test_marks(self, cast: Cast) -> None:
        attempt = hand_in(place(cast), cast.amina)
        send(cast.ruth, draft(**{"q1-comment": "Why?"}), "mark", attempt.pk)
        url = cast.ruth.url("attempt", number=attempt.pk)
        assert saved_on(Page(cast.ruth.client.get(url)))["fields"] == {"q1-comment": "Why?"}
        cast.ruth.client.post(url, {"q1-points": "9"})
        assert Draft.objects.exists()
        cast.ruth.client.post(url, {"q1-points": "3", "q1-comment": "Why?"})
        assert not Draft.objects.exists()

    @pytest.mark.parametrize(("is_older", "stays"), [(True, False), (False, True)])
    def test_saving_drops_the_draft_that_the_page_went_on_from_and_no_later_one(
        self, cast: Cast, is_older: bool, stays: bool
    ) -> None:
        attempt = hand_in(place(cast), cast.amina)
        send(cast.ruth, draft(**{"q1-comment": "Why?"}), "mark", attempt.pk)
        url = cast.ruth.url("attempt", number=attempt.pk)
        posted = Page(cast.ruth.client.get(url)).posted
        if not is_older:
            send(cast.ruth, draft(**{"q1-comment": "Of another window."}), "mark", attempt.pk)
        cast.ruth.client.post(url, {**posted, "q1-points": "3"})
        assert Draft.objects.exists() is stays

    @pytest.mark.parametrize("at", ["", "x", "2026-13-01T00:00:00", "2026-01-01T00:00:00"])
    def test_a_time_that_is_none_drops_nothing(self, cast: Cast, at: str) -> None:
        attempt = hand_in(place(cast), cast.amina)
        send(cast.ruth, draft(**{"q1-comment": "Why?"}), "mark", attempt.pk)
        url = cast.ruth.url("attempt", number=attempt.pk)
        cast.ruth.client.post(url, {"q1-points": "3", "draft-at-mark": at})
        assert Draft.objects.exists()

    def test_settings(self, cast: Cast) -> None:
        edition = publish(cast.ruth.user)
        send(cast.ruth, draft(opens_at="2126-01-01T08:00"), "assign", cast.course.link.pk)
        url = cast.ruth.url("assign", number=edition.pk)
        assert saved_on(Page(cast.ruth.client.get(url)))["base"] == "b"
        cast.ruth.client.post(url, RULES)
        assert not Draft.objects.exists()

    def test_a_new_worksheet(self, cast: Cast) -> None:
        send(cast.ruth, draft(text="Pasted."), "new", 0)
        url = cast.ruth.url("library")
        assert saved_on(Page(cast.ruth.client.get(url)))["fields"] == {"text": "Pasted."}
        cast.ruth.client.post(url, {"text": "# Pasted."})
        assert not Draft.objects.exists()

    def test_nobody_elses(self, cast: Cast) -> None:
        attempt = hand_in(place(cast), cast.amina)
        Draft.objects.create(user=cast.zara.user, page="mark", number=attempt.pk, fields={"a": "b"})
        page = Page(cast.ruth.client.get(cast.ruth.url("attempt", number=attempt.pk)))
        assert saved_on(page) is None


def test_a_number_that_no_column_holds(cast: Cast) -> None:
    assert send(cast.ruth, draft(a="b"), number=2**63).status_code == 400


def test_it_goes_with_the_person_and_the_worksheet(cast: Cast) -> None:
    attempt = hand_in(place(cast), cast.amina)
    worksheet = authoring.create(cast.ruth.user, "# One")
    send(cast.ruth, draft(**{"q1-comment": "About Amina."}), "mark", attempt.pk)
    send(cast.ruth, draft(source="# Two"), "edit", worksheet.pk)
    erasure.erase_person(cast.amina.user, by=TOOL)
    assert [row.page for row in Draft.objects.all()] == ["edit"]
    authoring.delete(worksheet)
    assert not Draft.objects.exists()


STEPS = {"length": 3, "sum": -7, "undo": [[0, "a", "b"], [1, "", "c"]], "redo": [[2, "😀", ""]]}


def test_the_steps_of_an_editor_come_back_with_its_draft(cast: Cast) -> None:
    worksheet = authoring.create(cast.ruth.user, "# One", "New")
    send(cast.ruth, {**draft(source="abc"), "history": STEPS}, number=worksheet.pk)
    address = cast.ruth.url("edit", number=worksheet.pk)
    page = Page(cast.ruth.client.get(address))
    assert saved_on(page)["history"] == STEPS
    # They go with the draft, though its versions stay.
    sent = {**draft(source="abcd"), "history": STEPS, **versions(a=1)}
    send(cast.ruth, sent, number=worksheet.pk)
    cast.ruth.client.post(address, {"source": "# Saved"})
    assert [(row.fields, row.history) for row in Draft.objects.all()] == [({}, {})]


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        [],
        {},
        {**STEPS, "length": "3"},
        {**STEPS, "sum": True},
        {**STEPS, "sum": 2**40},
        {**STEPS, "undo": None},
        {**STEPS, "undo": {"0": 1}},
        {**STEPS, "undo": [[0, "a"]]},
        {**STEPS, "undo": [[0, "a", 1]]},
        {**STEPS, "undo": [[-1, "a", "b"]]},
        {**STEPS, "undo": ["abc"]},
        {**STEPS, "redo": [[0, "a", "b"]] * 501},
        {**STEPS, "redo": [[0, "a" * 500_001, "b"]]},
    ],
)
def test_steps_that_are_none_are_left_out(cast: Cast, wrong: object) -> None:
    assert send(cast.ruth, {**draft(source="One"), "history": wrong}).status_code == 200
    assert Draft.objects.get().history == {}


def test_steps_can_be_stored_whatever_is_in_them(cast: Cast) -> None:
    steps = {**STEPS, "undo": [[0, "\0", "\ud800"]]}
    assert send(cast.ruth, {**draft(source="One"), "history": steps}).status_code == 200
    assert Draft.objects.get().history["undo"] == [[0, "\ufffd", "\ufffd"]]
