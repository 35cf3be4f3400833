"""Who may do what: one table, walked over every address below an activity's token."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, get_resolver

from lti_tool.audit import TOOL
from lti_tool.launches import storage_visit
from lti_tool.models import Delivery, Job, LaunchWay, StoredLaunch
from lti_tool.protocol.vocabulary import CONTEXT_ROLE, INSTITUTION_ROLE
from tests.cast import (
    ASSISTANT,
    DESIGNER,
    PUPIL,
    TEACHER,
    Cast,
    Someone,
    make_someone,
    open_again,
)
from tests.worksheets.hidden import number_of, sign_of
from tests.worksheets.sheets import CAUSES, EVERYTHING, assignment_at, hand_in, place, publish
from tests.worksheets.sheets import RULES as RULES_POSTED
from worksheets import authoring, urls
from worksheets.attempts.rubrics import rubric_of
from worksheets.authoring import assigning
from worksheets.authoring.assigning import AssignmentRules
from worksheets.authoring.papers import keep_paper
from worksheets.formats.paper.pages import PagePicture
from worksheets.formats.picture_file import StoredPicture
from worksheets.marking.rubric import digest
from worksheets.models import (
    Answer,
    Assignment,
    Attempt,
    CopyRequest,
    Edition,
    EnteredMark,
    Feedback,
    FeedbackPoint,
    IncomingFile,
    KeyCorrection,
    Mark,
    Paper,
    PaperPage,
    Partner,
    Picture,
    PupilDates,
    ReviewStep,
    Revision,
    RubricChange,
    RubricRow,
    Share,
    Worksheet,
)
from worksheets.questions.keying import key_value
from worksheets.reports.class_answers import name_of

OK, MOVED, FORBIDDEN, MISSING, METHOD, UNPROCESSABLE = 200, 302, 403, 404, 405, 422

# What the numbers in addresses stand for.
ATTEMPT = {"number": "amina's attempt"}
A_PUPIL = {"number": "amina"}
WORKSHEET = {"number": "ruth's worksheet"}
EDITION = {"number": "ruth's edition"}
REQUEST = {"number": "request to ruth"}
QUESTION = {"item": "q1"}
ACTIVITY = {"number": "ruth's assignment"}
THERE = {**ACTIVITY, **QUESTION}
GAP = {"item": "g1"}
BEN = {"number": "ben"}
CORRECTION = {"number": "a correction"}
PARTNER = {"number": "cem's part in amina's attempt"}
JOB = {"number": "ruth's job"}
A_PICTURE = {"worksheet": "ruth's worksheet", "name": "map.png"}


@dataclass(frozen=True)
class Rule:
    """What each person's browser is told. Ruth's worksheet is placed at her own link.

    Otis and Zara come with their own token, by which none of Ruth's things can be named.
    """

    name: str
    method: str
    ruth: int
    pupil: int  # Amina, whose attempt it is, and Ben, whose it is not
    otis: int
    zara: int
    arguments: dict[str, str] = field(default_factory=dict)
    posted: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.method}-{self.name}"


SUBMITTED = {"edition": "ruth's edition"}
AN_ANSWER = {"answer": "ben's answer", "spelling": "Bavaria", "verdict": "right"}
ONE_MARK = {"attempt": "amina's answer", "points": "1", "read amina's": "amina's submission"}
MORE_TIME = {"pupil": "ben", "due_at": "2126-07-01T18:00"}
LINE = {"line-new-text": "a date", "line-new-points": "1", "rubric": "ruth's rubric"}
COLLECTED = {"collect": "1", "text": "Dates!"}
SELECTED_PUPILS = {"act": "reopen", "all": "1"}
DECIDED = {"choice": "keep", "seen": "1:a"}
SOURCE = {"source": "# New\n\nA ___gap___."}
SHARED = {"rights of ruth's course": "read"}
SELECTED = {"source": "A gap.", "do": "gap", "start": "2", "end": "5"}
RESTORED = {"restore": "ruth's version", "seen": "digest of ruth's worksheet"}

RULES = [
    Rule("home", "get", OK, OK, OK, OK),
    # a pupil's own pages: a teacher answers nothing
    Rule("answers", "get", FORBIDDEN, OK, MISSING, FORBIDDEN),
    Rule("answers", "post", FORBIDDEN, MOVED, MISSING, FORBIDDEN, posted=SUBMITTED),
    Rule("submit", "get", FORBIDDEN, MOVED, MISSING, FORBIDDEN),
    Rule("submit", "post", FORBIDDEN, MOVED, MISSING, FORBIDDEN, posted=SUBMITTED),
    Rule("score-status", "get", FORBIDDEN, OK, MISSING, FORBIDDEN),
    Rule("own-attempt", "get", FORBIDDEN, OK, MISSING, FORBIDDEN, {"number": "1"}),
    Rule("try-again", "post", FORBIDDEN, MOVED, MISSING, FORBIDDEN),
    Rule("take-back", "post", FORBIDDEN, MOVED, MISSING, FORBIDDEN, {"number": "1"}),
    Rule("partners", "get", FORBIDDEN, MOVED, MISSING, FORBIDDEN),
    Rule("partners", "post", FORBIDDEN, MOVED, MISSING, FORBIDDEN),
    Rule("shared-work", "get", FORBIDDEN, MISSING, MISSING, FORBIDDEN, PARTNER),
    Rule("shared-work", "post", FORBIDDEN, MISSING, MISSING, FORBIDDEN, PARTNER, {"answer": "no"}),
    Rule("picture", "get", OK, OK, MISSING, MISSING, A_PICTURE),
    # a teacher of this link, of its class
    Rule("class", "get", OK, FORBIDDEN, FORBIDDEN, MISSING),
    Rule("class-news", "get", OK, FORBIDDEN, FORBIDDEN, MISSING),
    Rule("class-scores", "get", OK, FORBIDDEN, FORBIDDEN, MISSING),
    Rule("roster", "post", MOVED, FORBIDDEN, FORBIDDEN, MISSING),
    Rule("tables", "get", OK, FORBIDDEN, FORBIDDEN, MISSING),
    Rule("table", "get", OK, FORBIDDEN, FORBIDDEN, MISSING, {"table": "marks", "form": "csv"}),
    Rule("marks-file", "get", MOVED, FORBIDDEN, FORBIDDEN, MOVED),
    Rule("marks-file", "post", UNPROCESSABLE, FORBIDDEN, FORBIDDEN, MISSING),
    Rule("print-blank", "get", OK, FORBIDDEN, FORBIDDEN, MISSING),
    Rule("print-key", "get", OK, FORBIDDEN, FORBIDDEN, MISSING),
    Rule("print-marked", "get", OK, FORBIDDEN, FORBIDDEN, MISSING),
    Rule("print-attempt", "get", OK, FORBIDDEN, FORBIDDEN, MISSING, ATTEMPT),
    Rule("pupil-dates", "get", OK, FORBIDDEN, FORBIDDEN, MISSING),
    Rule("pupil-dates", "post", MOVED, FORBIDDEN, FORBIDDEN, MISSING, posted=MORE_TIME),
    Rule("pupil-dates-one", "get", OK, FORBIDDEN, FORBIDDEN, MISSING, BEN),
    Rule("pupil-dates-one", "post", MOVED, FORBIDDEN, FORBIDDEN, MISSING, BEN, MORE_TIME),
    Rule("pupil-dates-take-back", "get", OK, FORBIDDEN, FORBIDDEN, MISSING, BEN),
    Rule("pupil-dates-take-back", "post", MOVED, FORBIDDEN, FORBIDDEN, MISSING, BEN),
    Rule("entered", "get", OK, FORBIDDEN, FORBIDDEN, MISSING, A_PUPIL),
    Rule("entered", "post", MOVED, FORBIDDEN, FORBIDDEN, MISSING, A_PUPIL, {"do": "release"}),
    Rule("paper-marks", "get", OK, FORBIDDEN, FORBIDDEN, MISSING),
    Rule("paper-marks", "post", OK, FORBIDDEN, FORBIDDEN, MISSING),
    Rule("take-out", "post", MOVED, FORBIDDEN, FORBIDDEN, MISSING, PARTNER),
    Rule("release-all", "post", MOVED, FORBIDDEN, FORBIDDEN, MISSING),
    Rule("class-answers", "get", OK, FORBIDDEN, FORBIDDEN, MISSING),
    Rule("class-answers", "post", MOVED, FORBIDDEN, FORBIDDEN, MISSING),
    Rule("class-answers-live", "get", OK, FORBIDDEN, FORBIDDEN, MISSING),
    Rule("class-answers-projector", "get", OK, FORBIDDEN, FORBIDDEN, MISSING),
    Rule("class-answer", "post", OK, FORBIDDEN, FORBIDDEN, MISSING, GAP, AN_ANSWER),
    Rule("correction", "post", OK, FORBIDDEN, FORBIDDEN, MISSING, CORRECTION),
    Rule("class-feedback", "get", OK, FORBIDDEN, FORBIDDEN, MISSING),
    Rule("class-feedback", "post", MOVED, FORBIDDEN, FORBIDDEN, MISSING, posted=COLLECTED),
    Rule("feedback-projector", "get", OK, FORBIDDEN, FORBIDDEN, MISSING),
    Rule("print-feedback", "get", OK, FORBIDDEN, FORBIDDEN, MISSING),
    Rule("mark", "get", MOVED, FORBIDDEN, FORBIDDEN, MOVED),
    Rule("mark-question", "get", OK, FORBIDDEN, FORBIDDEN, MISSING, QUESTION),
    Rule("mark-question", "post", MOVED, FORBIDDEN, FORBIDDEN, MISSING, QUESTION, ONE_MARK),
    Rule("rubric", "get", OK, FORBIDDEN, FORBIDDEN, MISSING, QUESTION),
    Rule("rubric", "post", MOVED, FORBIDDEN, FORBIDDEN, MISSING, QUESTION, LINE),
    Rule("attempt", "get", OK, FORBIDDEN, FORBIDDEN, MISSING, ATTEMPT),
    Rule("attempt", "post", MOVED, FORBIDDEN, FORBIDDEN, MISSING, ATTEMPT, {"q1-points": "1"}),
    Rule("release", "post", MOVED, FORBIDDEN, FORBIDDEN, MISSING, ATTEMPT),
    Rule("take-back-release", "get", OK, FORBIDDEN, FORBIDDEN, MISSING, ATTEMPT),
    Rule("take-back-release", "post", MOVED, FORBIDDEN, FORBIDDEN, MISSING, ATTEMPT),
    Rule("selected", "get", MOVED, FORBIDDEN, FORBIDDEN, MISSING),
    Rule("selected", "post", OK, FORBIDDEN, FORBIDDEN, MISSING, posted=SELECTED_PUPILS),
    Rule("reopen", "get", OK, FORBIDDEN, FORBIDDEN, MISSING, ATTEMPT),
    Rule("reopen", "post", MOVED, FORBIDDEN, FORBIDDEN, MISSING, ATTEMPT),
    Rule("submit-for", "post", MOVED, FORBIDDEN, FORBIDDEN, MISSING, ATTEMPT),
    Rule("send-again", "post", MOVED, FORBIDDEN, FORBIDDEN, MISSING, ATTEMPT),
    Rule("accept-lms-grade", "post", MOVED, FORBIDDEN, FORBIDDEN, MISSING, ATTEMPT),
    Rule("overwrite", "post", MOVED, FORBIDDEN, FORBIDDEN, MISSING, ATTEMPT),
    Rule("decide-all", "post", MOVED, FORBIDDEN, FORBIDDEN, MISSING, posted=DECIDED),
    Rule("decide-anew", "post", MOVED, FORBIDDEN, FORBIDDEN, MISSING),
    Rule("send-all-again", "post", MOVED, FORBIDDEN, FORBIDDEN, MISSING),
    # a teacher of several courses, of the classes there
    Rule("my-marking", "get", OK, FORBIDDEN, FORBIDDEN, OK),
    Rule("class-feedback-there", "get", OK, FORBIDDEN, FORBIDDEN, MISSING, ACTIVITY),
    Rule("class-feedback-there", "post", MOVED, FORBIDDEN, FORBIDDEN, MISSING, ACTIVITY, COLLECTED),
    Rule("mark-there", "get", MOVED, FORBIDDEN, FORBIDDEN, MISSING, ACTIVITY),
    Rule("mark-question-there", "get", OK, FORBIDDEN, FORBIDDEN, MISSING, THERE),
    Rule("mark-question-there", "post", MOVED, FORBIDDEN, FORBIDDEN, MISSING, THERE, ONE_MARK),
    Rule("rubric-there", "get", OK, FORBIDDEN, FORBIDDEN, MISSING, THERE),
    Rule("rubric-there", "post", MOVED, FORBIDDEN, FORBIDDEN, MISSING, THERE, LINE),
    # a worksheet of somebody else: asked for by who teaches here, allowed by its author
    Rule("ask-for-copy", "post", MISSING, FORBIDDEN, FORBIDDEN, MISSING),
    Rule("answer-copy", "post", MOVED, FORBIDDEN, FORBIDDEN, MISSING, REQUEST, {"allow": "1"}),
    # drafts of whoever builds the course: each sees their own
    Rule("draft", "post", 400, FORBIDDEN, FORBIDDEN, 400, {"page": "edit", "number": "1"}),
    # whoever is here tells their own time zone
    Rule("time-zone", "post", 204, 204, 204, 204, posted={"zone": "UTC"}),
    # whoever is here can leave
    Rule("leave", "get", OK, OK, OK, OK),
    Rule("leave", "post", OK, OK, OK, OK),
    # only visits without a cookie have a next page to ask for
    Rule("next-page", "post", MISSING, MISSING, MISSING, MISSING),
    # jobs of whoever asked for them
    Rule("job", "get", OK, FORBIDDEN, FORBIDDEN, MISSING, JOB),
    Rule("job", "post", MOVED, FORBIDDEN, FORBIDDEN, MISSING, JOB),
    # a teacher's own worksheets
    Rule("library", "get", OK, FORBIDDEN, FORBIDDEN, OK),
    Rule("library", "post", MOVED, FORBIDDEN, FORBIDDEN, MOVED, posted={"text": "# New"}),
    Rule("edit", "get", OK, FORBIDDEN, FORBIDDEN, MISSING, WORKSHEET),
    Rule("edit", "post", MOVED, FORBIDDEN, FORBIDDEN, MISSING, WORKSHEET, SOURCE),
    Rule("keys", "get", OK, FORBIDDEN, FORBIDDEN, MISSING, WORKSHEET),
    Rule("keys", "post", MOVED, FORBIDDEN, FORBIDDEN, MISSING, WORKSHEET, {"g1": "Manchuria"}),
    Rule("preview", "post", OK, FORBIDDEN, FORBIDDEN, MISSING, WORKSHEET, SOURCE),
    Rule("mark-up", "post", OK, FORBIDDEN, FORBIDDEN, MISSING, WORKSHEET, SELECTED),
    Rule("watch", "get", OK, FORBIDDEN, FORBIDDEN, MISSING, WORKSHEET),
    Rule("second-sheet", "get", OK, FORBIDDEN, FORBIDDEN, MISSING),
    Rule("second-sheet", "post", MOVED, FORBIDDEN, FORBIDDEN, MISSING, posted={"item": "g1"}),
    Rule("class-corrections", "get", OK, FORBIDDEN, FORBIDDEN, MISSING, WORKSHEET),
    Rule("class-corrections", "post", MOVED, FORBIDDEN, FORBIDDEN, MISSING, WORKSHEET),
    Rule("versions", "get", OK, FORBIDDEN, FORBIDDEN, MISSING, WORKSHEET),
    Rule("versions", "post", MOVED, FORBIDDEN, FORBIDDEN, MISSING, WORKSHEET, RESTORED),
    Rule("review", "get", OK, FORBIDDEN, FORBIDDEN, MISSING, WORKSHEET),
    Rule("review", "post", OK, FORBIDDEN, FORBIDDEN, MISSING, WORKSHEET, {"menu": "gap-1"}),
    Rule("paper-file", "get", OK, FORBIDDEN, FORBIDDEN, MISSING, WORKSHEET),
    Rule("paper-page", "get", OK, FORBIDDEN, FORBIDDEN, MISSING, {**WORKSHEET, "page": "0"}),
    Rule("try", "get", OK, FORBIDDEN, FORBIDDEN, MISSING, WORKSHEET),
    Rule("try", "post", OK, FORBIDDEN, FORBIDDEN, MISSING, WORKSHEET, {"submit": "1"}),
    Rule("delete", "get", OK, FORBIDDEN, FORBIDDEN, MISSING, WORKSHEET),
    Rule("delete", "post", MOVED, FORBIDDEN, FORBIDDEN, MISSING, WORKSHEET),
    Rule("copy", "post", MOVED, FORBIDDEN, FORBIDDEN, MISSING, WORKSHEET),
    Rule("archive", "post", MOVED, FORBIDDEN, FORBIDDEN, MISSING, WORKSHEET),
    Rule("share", "get", OK, FORBIDDEN, FORBIDDEN, MISSING, WORKSHEET),
    Rule("share", "post", MOVED, FORBIDDEN, FORBIDDEN, MISSING, WORKSHEET, SHARED),
    Rule("save-as-file", "get", OK, FORBIDDEN, FORBIDDEN, OK),
    Rule("save-as-file", "post", UNPROCESSABLE, FORBIDDEN, FORBIDDEN, UNPROCESSABLE),
    Rule("incoming", "get", MOVED, FORBIDDEN, FORBIDDEN, MOVED),
    Rule("incoming", "post", MOVED, FORBIDDEN, FORBIDDEN, MOVED, posted={"worksheet": "0"}),
    Rule("pictures", "post", UNPROCESSABLE, FORBIDDEN, FORBIDDEN, MISSING, WORKSHEET),
    Rule(
        "remove-picture",
        "post",
        MOVED,
        FORBIDDEN,
        FORBIDDEN,
        MISSING,
        {**WORKSHEET, "name": "map.png"},
    ),
    Rule("published", "get", OK, FORBIDDEN, FORBIDDEN, MISSING, WORKSHEET),
    # only for whoever the LMS asked to choose
    Rule("select", "post", FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN),
    # only for whoever administers the LMS, which none of these does
    Rule("connection", "get", FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN),
    Rule("connection", "post", FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN),
    Rule("assign", "get", OK, FORBIDDEN, FORBIDDEN, MISSING, EDITION),
    Rule("assign", "post", MOVED, FORBIDDEN, FORBIDDEN, MISSING, EDITION, RULES_POSTED),
]
AUTHORS = {
    "job",
    "edit",
    "keys",
    "preview",
    "try",
    "published",
    "delete",
    "pictures",
    "remove-picture",
}
AUTHORS |= {"answer-copy", "review", "paper-file", "paper-page", "copy", "archive", "share"}
AUTHORS |= {"mark-up", "watch", "versions", "class-corrections"}
# What a worksheet that is shared with the course opens to those who build it, and what one does
# that they may also change. The rest of AUTHORS stays its author's alone.
READERS = {"try", "published", "copy"}
EDITORS = READERS | {"edit", "keys", "preview", "pictures", "remove-picture"}
EDITORS |= {"mark-up", "watch", "versions", "class-corrections"}
# What teachers of the class may do if they may copy its worksheet too.
COPIED = {"second-sheet"}
POST_ONLY = {rule.name for rule in RULES} - {r.name for r in RULES if r.method == "get"}
GET_ONLY = {rule.name for rule in RULES} - {r.name for r in RULES if r.method == "post"}
TABLES: list[type[Model]] = [
    *(Worksheet, Edition, Assignment, Attempt, Answer, Mark, Picture, Delivery, Job, CopyRequest),
    *(Paper, PaperPage, ReviewStep, Revision, Share, IncomingFile, RubricRow, RubricChange),
    *(KeyCorrection, PupilDates, EnteredMark, FeedbackPoint, Partner),
]


@dataclass(frozen=True)
class Scene:
    """Ruth's worksheet with a picture, placed, answered by Amina and Ben, marked by nobody."""

    cast: Cast
    numbers: dict[str, str]

    def ask(
        self,
        rule: Rule,
        someone: Someone,
        client: Client | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> HttpResponse:
        arguments = {name: self.numbers.get(v, v) for name, v in rule.arguments.items()}
        posted = {
            self.numbers.get(name, name): self.numbers.get(v, v) for name, v in rule.posted.items()
        }
        url = someone.url(rule.name, **arguments)
        answer = (client or someone.client).generic(
            rule.method.upper(),
            url,
            urlencode(posted),
            content_type="application/x-www-form-urlencoded",
            headers=headers,
        )
        assert isinstance(answer, HttpResponse)
        return answer


@pytest.fixture
def scene(cast: Cast) -> Scene:
    assignment = place(cast, f"{CAUSES}\n![A map](map.png)\n")
    worksheet = assignment.edition.worksheet
    authoring.add_picture(worksheet, "map.png", StoredPicture(b"pixels", "image/png", 1, 1))
    pages = [PagePicture(8, 6, b"\xff\xd8pixels")]
    keep_paper(worksheet, "causes.pdf", CAUSES, CAUSES.encode(), pages=pages)
    attempt = hand_in(assignment, cast.amina)
    hand_in(assignment, cast.ben, {**EVERYTHING, "g1": "Bavaria"})
    former = key_value(assignment.edition.sheet.gap("g1"))
    correction = KeyCorrection.objects.create(
        assignment=assignment,
        press="1",
        item="g1",
        answers=["Japan"],
        verdict="right",
        former=former,
    )
    PupilDates.objects.create(
        assignment=assignment, user=cast.ben.user, due_at=datetime(2126, 1, 1, tzinfo=UTC)
    )
    cem = make_someone(cast.course, "103", "Cem Demir", PUPIL)
    partner = Partner.objects.create(attempt=attempt, user=cem.user)
    request = CopyRequest.objects.create(
        link=cast.other_course.link, worksheet=worksheet, asked_by=cast.otis.user
    )
    return Scene(
        cast,
        {
            "amina's attempt": str(attempt.pk),
            "ben": str(cast.ben.user.pk),
            "amina": str(cast.amina.user.pk),
            "ben's answer": name_of("g1", "Bavaria"),
            "a correction": str(correction.pk),
            "amina's answer": str(number_of(attempt)),
            "read amina's": f"read-{number_of(attempt)}",
            "amina's submission": sign_of(attempt),
            "cem's part in amina's attempt": str(partner.pk),
            "ruth's worksheet": str(worksheet.pk),
            "request to ruth": str(request.pk),
            "ruth's version": f"r{worksheet.revisions.get().pk}",
            "digest of ruth's worksheet": authoring.digest_of(worksheet.source),
            "ruth's edition": str(assignment.edition_id),
            "ruth's assignment": str(assignment.pk),
            "ruth's rubric": digest(rubric_of(assignment, assignment.edition.sheet.question("q1"))),
            "rights of ruth's course": f"rights-{cast.course.context.pk}",
            "ruth's job": str(Job.objects.create(kind="import", owner=cast.ruth.user).pk),
        },
    )


def everything() -> list[object]:
    """All rows of all tables, to see that nothing was changed."""
    return [list(table._default_manager.order_by("pk").values()) for table in TABLES]


def test_the_table_knows_every_address_and_no_other() -> None:
    names = {pattern.name for pattern in urls.urlpatterns}
    assert names == {rule.name for rule in RULES}
    below = {p.pattern.regex.pattern: p for p in get_resolver().url_patterns}
    activity = [p for p in below.values() if not isinstance(p, URLPattern) and "token" in str(p)]
    assert [p.url_patterns for p in activity] == [urls.urlpatterns]


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_ruth_teaches_here(scene: Scene, rule: Rule) -> None:
    assert scene.ask(rule, scene.cast.ruth).status_code == rule.ruth


@pytest.mark.parametrize("rule", RULES, ids=str)
@pytest.mark.parametrize("name", ["amina", "ben"])
def test_amina_and_ben_answer_here(scene: Scene, rule: Rule, name: str) -> None:
    before = everything()
    assert scene.ask(rule, getattr(scene.cast, name)).status_code == rule.pupil
    # Both have submitted: they may take it back, and nothing else is theirs to change.
    assert (everything() == before) == (rule.name != "take-back")


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_otis_is_a_pupil_elsewhere(scene: Scene, rule: Rule) -> None:
    before = everything()
    assert scene.ask(rule, scene.cast.otis).status_code == rule.otis
    assert everything() == before


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_zara_teaches_on_another_platform(scene: Scene, rule: Rule) -> None:
    before = everything()
    answer = scene.ask(rule, scene.cast.zara)
    assert answer.status_code == rule.zara
    assert b"Amina" not in answer.content
    assert b"Causes of terror" not in answer.content
    if rule.name != "library":
        assert everything() == before


@pytest.mark.parametrize("rule", RULES, ids=str)
@pytest.mark.parametrize("who", ["ruth", "amina"])
def test_another_browser_is_let_in_nowhere(scene: Scene, rule: Rule, who: str) -> None:
    before = everything()
    stranger = Client(headers={"host": "localhost:8001"})
    answer = scene.ask(rule, getattr(scene.cast, who), stranger)
    assert answer.status_code == FORBIDDEN
    assert b"This page has closed" in answer.content
    assert everything() == before


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_a_platform_that_is_switched_off_opens_nothing(scene: Scene, rule: Rule) -> None:
    registration = scene.cast.course.deployment.registration
    registration.is_active = False
    registration.save()
    for someone in (scene.cast.ruth, scene.cast.amina):
        assert scene.ask(rule, someone).status_code == FORBIDDEN


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_a_teacher_of_the_same_link_who_is_not_the_author(scene: Scene, rule: Rule) -> None:
    """Marks and places what is placed here; the text and its pictures stay its author's."""
    colleague = make_someone(scene.cast.course, "11", "Colin Ferris", TEACHER)
    status = scene.ask(rule, colleague).status_code
    is_authors = rule.name in AUTHORS | COPIED
    assert status == (MISSING if is_authors else rule.ruth)


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_a_designer_builds_the_course_and_sees_nobodys_work(scene: Scene, rule: Rule) -> None:
    designer = make_someone(scene.cast.course, "13", "Dana Orr", DESIGNER)
    before = everything()
    answer = scene.ask(rule, designer)
    if rule.name in {
        *("home", "picture", "library", "draft", "leave", "time-zone", "next-page"),
        *("save-as-file", "incoming"),
    }:
        expected = rule.ruth
    else:
        expected = MISSING if rule.name in AUTHORS else FORBIDDEN
    assert answer.status_code == expected
    assert b"Amina" not in answer.content
    if rule.name != "library":
        assert everything() == before


@pytest.mark.parametrize("rule", RULES, ids=str)
@pytest.mark.parametrize(
    ("may_edit", "opens"), [(False, READERS), (True, EDITORS)], ids=["read", "edit"]
)
@pytest.mark.parametrize("role", [TEACHER, DESIGNER], ids=["teacher", "designer"])
def test_a_worksheet_that_is_shared_with_the_course(
    scene: Scene, rule: Rule, role: str, opens: set[str], *, may_edit: bool
) -> None:
    """Its teachers and designers use and copy it; they change it if its author lets them."""
    worksheet = Worksheet.objects.get()
    Share.objects.create(worksheet=worksheet, context=scene.cast.course.context, may_edit=may_edit)
    colleague = make_someone(scene.cast.course, "11", "Colin Ferris", role)
    if rule.name in AUTHORS:
        status = scene.ask(rule, colleague).status_code
        assert status == (rule.ruth if rule.name in opens else MISSING)
    elif rule.name in COPIED:
        status = scene.ask(rule, colleague).status_code
        assert status == (rule.ruth if role == TEACHER else FORBIDDEN)
    assert Worksheet.objects.filter(pk=worksheet.pk, author=scene.cast.ruth.user).exists()


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.name in AUTHORS], ids=str)
def test_a_share_opens_nothing_in_another_course_or_to_a_pupil(scene: Scene, rule: Rule) -> None:
    cast = scene.cast
    Share.objects.create(
        worksheet=Worksheet.objects.get(), context=cast.course.context, may_edit=True
    )
    tessa = make_someone(cast.other_course, "12", "Tessa Olowe", TEACHER)
    before = everything()
    assert scene.ask(rule, tessa).status_code == MISSING
    assert scene.ask(rule, cast.amina).status_code == rule.pupil
    assert scene.ask(rule, cast.otis).status_code == rule.otis
    assert scene.ask(rule, cast.zara).status_code == rule.zara
    assert everything() == before


# What a teaching assistant may do where a rule of the activity lets them, and what they never may.
WHEN_LET = {
    "assistants_release": {
        *("release-all", "release", "take-back-release", "reopen", "submit-for"),
        *("post-entered", "post-selected", "take-out"),
        *("accept-lms-grade", "overwrite", "decide-all", "decide-anew"),
        # Marks by name, while answers wait for a mark.
        *("table", "print-marked", "print-attempt"),
    },
    "assistants_correct": {"class-answer", "correction", "post-class-answers"},
}
TEACHERS_ALONE = {
    *("assign", "ask-for-copy"),
    *("pupil-dates", "pupil-dates-one", "pupil-dates-take-back"),
}


def asked_and_taken_back(scene: Scene, rule: Rule, someone: Someone) -> tuple[HttpResponse, bool]:
    """Return the answer, and whether anything was changed; nothing stays changed."""
    before = everything()
    with transaction.atomic():
        answer = scene.ask(rule, someone)
        has_changed = everything() != before
        transaction.set_rollback(True)
    return answer, has_changed


def test_an_assistant_marks_and_decides_what_a_teacher_lets_them(scene: Scene) -> None:
    """With the plain role of teachers besides, as Canvas names it for assistants too."""
    assistant = make_someone(scene.cast.course, "14", "Tariq Alami", ASSISTANT, TEACHER)
    limited = {name: rule for rule, names in WHEN_LET.items() for name in names}
    for let in ("", "assistants_release", "assistants_correct"):
        if let:
            Assignment.objects.update(**{one: one == let for one in WHEN_LET})
        for rule in RULES:
            needed = limited.get(rule.name) or limited.get(str(rule), "")
            if let and not needed and rule.name not in TEACHERS_ALONE:
                continue
            answer, has_changed = asked_and_taken_back(scene, rule, assistant)
            expected = rule.ruth if needed in {"", let} else FORBIDDEN
            if rule.name in TEACHERS_ALONE:
                expected = FORBIDDEN
            elif rule.name in AUTHORS | COPIED:
                expected = MISSING
            assert answer.status_code == expected, (rule, let)
            if expected == FORBIDDEN:
                assert not has_changed, (rule, let)
            if needed not in {"", let}:
                said = answer.content
                assert b"A teacher " in said or b"Names are hidden" in said, (rule, let)


MENTORS = {
    "Canvas's observer": [f"{CONTEXT_ROLE}Mentor", f"{INSTITUTION_ROLE}Observer"],
    "officer": [f"{CONTEXT_ROLE}Officer", f"{INSTITUTION_ROLE}Instructor"],
}


@pytest.mark.parametrize("roles", MENTORS.values(), ids=MENTORS)
def test_mentors_and_observers_see_nothing_of_the_class(scene: Scene, roles: list[str]) -> None:
    """They may try the worksheet like a pupil who has not begun."""
    someone = make_someone(scene.cast.course, "15", "Mina Okoye", *roles)
    for rule in RULES:
        answer, has_changed = asked_and_taken_back(scene, rule, someone)
        is_open = rule.pupil != FORBIDDEN
        if not is_open:
            assert answer.status_code == FORBIDDEN, rule
        assert answer.status_code < 500, rule
        assert b"Amina" not in answer.content, rule
        assert b"Abdullahi" not in answer.content, rule
        assert is_open or not has_changed, rule


def test_what_is_no_longer_shared_is_closed_and_stays_placed(scene: Scene) -> None:
    cast = scene.cast
    worksheet = Worksheet.objects.get()
    share = Share.objects.create(worksheet=worksheet, context=cast.course.context, may_edit=True)
    colleague = make_someone(cast.course, "11", "Colin Ferris", TEACHER)
    url = colleague.url("edit", number=worksheet.pk)
    assert colleague.client.get(url).status_code == OK
    share.delete()
    assert colleague.client.get(url).status_code == MISSING
    assert colleague.client.get(colleague.url("class")).status_code == OK
    assert assignment_at(cast.course.link).edition.worksheet == worksheet


@pytest.mark.parametrize(
    "name",
    [
        *(
            "attempt",
            "release",
            "take-back-release",
            "selected",
            "reopen",
            "submit-for",
            "class",
            "assign",
        ),
        *("send-again", "send-all-again", "accept-lms-grade", "overwrite", "job"),
        *("decide-all", "decide-anew"),
    ],
)
def test_a_teacher_of_another_course_of_the_same_platform(scene: Scene, name: str) -> None:
    other = make_someone(scene.cast.other_course, "12", "Tessa Olowe", TEACHER)
    before = everything()
    for rule in [rule for rule in RULES if rule.name == name]:
        assert scene.ask(rule, other).status_code == MISSING
    assert everything() == before


def test_the_author_has_their_worksheet_in_every_course_they_teach(scene: Scene) -> None:
    membership = make_someone(scene.cast.other_course, "10", "Ruth Adeyemi", TEACHER).membership
    there = open_again(scene.cast.other_course, membership)
    for rule in RULES:
        if rule.name in {"edit", "assign"} and rule.method == "get":
            assert scene.ask(rule, there).status_code == OK
        if rule.name == "attempt":
            assert scene.ask(rule, there).status_code == MISSING


@pytest.mark.parametrize("name", sorted(POST_ONLY))
def test_what_changes_something_is_never_a_get(scene: Scene, name: str) -> None:
    rule = next(rule for rule in RULES if rule.name == name)
    before = everything()
    asked = Rule(name, "get", 0, 0, 0, 0, rule.arguments)
    someone = scene.cast.amina if rule.ruth == FORBIDDEN else scene.cast.ruth
    # Nobody of this class may 'select', which belongs to deep linking, or lacks a cookie.
    refused = {"select": FORBIDDEN, "next-page": MISSING}
    answer = scene.ask(asked, someone)
    assert answer.status_code == refused.get(name, METHOD)
    if answer.status_code == METHOD and name != "draft":  # which scripts alone ask for
        assert "no page of its own" in answer.content.decode()
        assert "POST" in answer["Allow"]
    assert everything() == before


@pytest.mark.parametrize("name", sorted(GET_ONLY))
def test_what_only_shows_takes_no_post(scene: Scene, name: str) -> None:
    rule = next(rule for rule in RULES if rule.name == name)
    asked = Rule(name, "post", 0, 0, 0, 0, rule.arguments)
    someone = scene.cast.amina if rule.ruth == FORBIDDEN else scene.cast.ruth
    assert scene.ask(asked, someone).status_code == METHOD


def test_no_view_takes_what_another_page_sends() -> None:
    """The addresses as they are registered: none of them is exempt."""
    for pattern in urls.urlpatterns:
        assert not getattr(pattern.callback, "is_posted_by_platforms", False), pattern


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
    ids=["origin", "cross-site", "same-site"],
)
def test_another_page_changes_nothing(scene: Scene, headers: dict[str, str]) -> None:
    """With the address of the page and the cookie of its browser, whatever the view takes."""
    before = everything()
    for rule in RULES:
        for someone in (scene.cast.ruth, scene.cast.amina):
            answer = scene.ask(replace(rule, method="post"), someone, headers=headers)
            assert answer.status_code == FORBIDDEN, rule
            assert b"This was not sent from a page of the worksheet tool" in answer.content
    assert everything() == before


@pytest.mark.parametrize("destination", ["iframe", "empty", "image"])
def test_without_its_cookie_an_address_opens_nothing(scene: Scene, destination: str) -> None:
    """After a launch by Platform Storage headers can be forged: a picture is all that they show."""
    for launch in (scene.cast.ruth.launch, scene.cast.amina.launch):
        StoredLaunch.objects.filter(pk=launch.pk).update(way=LaunchWay.STORAGE)
        launch.refresh_from_db()
        storage_visit.begin(launch, "_parent")
    before = everything()
    headers = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": destination}
    stranger = Client(headers={"host": "localhost:8001"})
    for rule in RULES:
        for someone in (scene.cast.ruth, scene.cast.amina):
            answer = scene.ask(rule, someone, stranger, headers)
            pictures = {"picture", "paper-page"} if someone is scene.cast.ruth else {"picture"}
            is_shown = rule.name in pictures and destination == "image"
            assert answer.status_code == (OK if is_shown else FORBIDDEN), rule
            assert b"Amina" not in answer.content
    assert everything() == before


def test_a_page_that_answers_a_form_keeps_its_address(scene: Scene) -> None:
    """A browser would ask for another address as a page, and some take forms or scripts alone."""
    launch = scene.cast.ruth.launch
    StoredLaunch.objects.filter(pk=launch.pk).update(way=LaunchWay.STORAGE)
    launch.refresh_from_db()
    storage_visit.begin(launch, "_parent")
    headers = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "iframe"}
    url = scene.cast.ruth.url("try", number=scene.numbers["ruth's worksheet"])
    for method in ("get", "post"):
        address = f"{url}?{storage_visit.PARAMETER}={storage_visit.new_pass(launch)}"
        answer = getattr(scene.cast.ruth.client, method)(address, headers=headers)
        assert answer.status_code == OK
        assert (b"data-posted" in answer.content) == (method == "post")


def test_roles_are_asked_for_at_each_request(scene: Scene) -> None:
    """Whoever stops teaching loses the teacher's pages at once, with the page still open."""
    ruth = scene.cast.ruth
    rule = next(rule for rule in RULES if rule.name == "attempt")
    assert scene.ask(rule, ruth).status_code == OK
    ruth.membership.roles = ["Learner"]
    ruth.membership.save()
    assert scene.ask(rule, ruth).status_code == FORBIDDEN


@pytest.mark.parametrize("token", ["x" * 60, "A" * 40, "0" * 200])
def test_a_token_that_is_not_ours_opens_nothing(scene: Scene, token: str) -> None:
    for pattern in urls.urlpatterns[:4]:
        answer = scene.cast.amina.client.get(f"/a/{token}/{pattern.pattern}")
        assert answer.status_code == FORBIDDEN


def test_a_token_of_amina_is_not_changed_into_one_of_ruth(scene: Scene) -> None:
    amina, ruth = scene.cast.amina, scene.cast.ruth
    forged = ruth.token.split(".")[0] + "." + amina.token.partition(".")[2]
    url = amina.url("class").replace(amina.token, forged)
    assert amina.client.get(url).status_code == FORBIDDEN


def test_in_one_browser_two_visits_stay_apart(scene: Scene) -> None:
    """Ruth looks at her class and at a pupil's page in the same browser."""
    cast = scene.cast
    cast.amina.launch.browser = cast.ruth.launch.browser
    cast.amina.launch.save()
    assert cast.ruth.client.get(cast.ruth.url("class")).status_code == OK
    assert cast.ruth.client.get(cast.amina.url("class")).status_code == FORBIDDEN
    assert b"Submitted" in cast.ruth.client.get(cast.amina.url("home")).content


@pytest.mark.parametrize("number", [0, 999_999, 10**30])
@pytest.mark.parametrize("name", ["attempt", "edit", "assign", "try", "delete"])
def test_a_number_that_nothing_has(scene: Scene, name: str, number: int) -> None:
    ruth = scene.cast.ruth
    assert ruth.client.get(ruth.url(name, number=number)).status_code == MISSING


@pytest.mark.parametrize(
    ("worksheet", "name"), [("0", "map.png"), ("mine", "other.png"), (str(10**30), "map.png")]
)
def test_a_picture_that_is_not_there(scene: Scene, worksheet: str, name: str) -> None:
    amina = scene.cast.amina
    number = scene.numbers["ruth's worksheet"] if worksheet == "mine" else worksheet
    url = amina.url("picture", worksheet=int(number), name=name)
    assert amina.client.get(url).status_code == MISSING


def test_a_picture_of_a_worksheet_that_is_placed_nowhere_is_its_authors(scene: Scene) -> None:
    cast = scene.cast
    other = publish(cast.ruth.user, "# Not placed").worksheet
    authoring.add_picture(other, "map.png", StoredPicture(b"pixels", "image/png", 1, 1))
    for someone, status in [(cast.ruth, OK), (cast.amina, MISSING), (cast.zara, MISSING)]:
        url = someone.url("picture", worksheet=other.pk, name="map.png")
        assert someone.client.get(url).status_code == status


def test_nobody_answers_for_somebody_else(scene: Scene) -> None:
    """No field that a pupil can post names another pupil's attempt."""
    cast = scene.cast
    edition = assignment_at(cast.course.link).edition
    assigning.assign(cast.other_course.link, edition, AssignmentRules(Feedback.SCORE), by=TOOL)
    assignment = assignment_at(cast.other_course.link)
    edition_id = str(assignment.edition_id)
    amina = Attempt.objects.get(user=cast.amina.user)
    before = list(amina.answers.order_by("pk").values())
    posted = {
        **EVERYTHING,
        "q1": "by Otis",
        "edition": edition_id,
        "user": str(cast.amina.user.pk),
        "attempt_id": str(amina.pk),
    }
    # Of one's own attempts by its number, whatever keys others have.
    for attempt in (str(amina.pk + 1), "1"):
        fields = {**posted, "attempt": attempt}
        assert cast.otis.client.post(cast.otis.url("answers"), fields).status_code == MOVED
    assert list(amina.answers.order_by("pk").values()) == before
    assert Answer.objects.get(attempt__user=cast.otis.user, item="q1").text == "by Otis"
