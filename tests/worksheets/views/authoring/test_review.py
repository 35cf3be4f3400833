"""The review of an import: what is pressed, what is said, what is refused."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from tests.cast import Cast
from tests.worksheets.html import Page
from tests.worksheets.images import picture
from worksheets import authoring
from worksheets.authoring import digest_of, reviewing
from worksheets.authoring.from_paper import markup_of_paper
from worksheets.authoring.papers import keep_paper
from worksheets.formats.paper.pages import PagePicture
from worksheets.markup.editing import CannotEdit
from worksheets.models import PaperPage, ReviewStep, Worksheet
from worksheets.questions import parse_sheet
from worksheets.views.authoring.presses import BadPress, read_press

PAPER = """Hobby: ____________

The Terror State, 1930s

Stalin gained support for ________ and the 5-Year
Plans. Trotsky founded the ______ in exile.
The invasion of ........ began in 1935.

collectivisation Fourth International Abyssinia

1. What do historians think of collec-
tivisation?

2. Why?
"""


@pytest.fixture
def worksheet(cast: Cast) -> Worksheet:
    read = markup_of_paper(PAPER)
    made = authoring.create(cast.ruth.user, read.source, "Worksheet", read.cautions)
    keep_paper(made, "terror.docx", PAPER, b"the file")
    return made


def last() -> str:
    """What the button that undoes sends."""
    step = ReviewStep.objects.first()
    return str(step.pk if step else 0)


def show(cast: Cast, worksheet: Worksheet) -> Page:
    return Page(cast.ruth.client.get(cast.ruth.url("review", number=worksheet.pk)))


def send(cast: Cast, worksheet: Worksheet, **posted: str) -> Any:
    """What a press sends, from the page as it is now."""
    posted.setdefault("seen", digest_of(Worksheet.objects.get().source))
    return cast.ruth.client.post(cast.ruth.url("review", number=worksheet.pk), posted)


def press(cast: Cast, worksheet: Worksheet, action: str, **posted: str) -> Page:
    answer = send(cast, worksheet, do=action, **posted)
    assert answer.status_code == 302, answer.content.decode()
    return Page(cast.ruth.client.get(answer["Location"]))


def source() -> str:
    return Worksheet.objects.get().source


def place(words: str) -> str:
    start = source().index(words)
    return f"{start}-{start + len(words)}"


def test_the_page_has_both_sides_and_says_what_was_found(cast: Cast, worksheet: Worksheet) -> None:
    page = show(cast, worksheet)
    assert page.status == 200
    assert "terror.docx · 4 gaps · word bank of 3 · 2 written answers" in page.text
    assert "Pupils see nothing yet." in page.text
    assert "Plans. Trotsky founded the" in page.text
    assert page.html.count('class="paper-line is-bank after-space"') == 1
    assert page.html.count('value="gap-2"') == 2  # on either side
    assert "Check 1 of" in page.text
    assert "Word bank: 3 words or phrases. Split correctly?" in page.text
    assert "small repair" in page.text
    assert "Undo" not in page.text


@pytest.mark.parametrize(
    ("paper", "kind"),
    [
        (
            "True or false?\n\n1. Ice floats.\n2. Stones float.\n",
            "statements that are true or false",
        ),
        ("Match the words.\n\n1. ice   a) cold\n2. fire   b) hot\n", "two lists to match"),
        ("Circle the right answer.\n\n1. Ice is\na) hot\nb) cold\n", "a choice of one option"),
    ],
)
def test_what_was_taken_for_a_choice_is_asked_and_taken_back(
    cast: Cast, paper: str, kind: str
) -> None:
    read = markup_of_paper(paper)
    made = authoring.create(cast.ruth.user, read.source, "Worksheet", read.cautions)
    keep_paper(made, "ice.txt", paper, None)
    page = show(cast, made)
    assert f"This looks like {kind}" in page.text
    assert "No question: plain text" in page.text
    start = read.source.index("???")
    end = read.source.index("\n", start)
    after = press(cast, made, f"no-question:{start}-{end}")
    assert "This is plain text now, and pupils choose nothing here." in after.text
    assert "No question: plain text" not in after.text
    assert parse_sheet(source()).questions == ()
    assert "Undo: No question" in after.text


def test_what_has_no_paper_has_no_review(cast: Cast) -> None:
    made = authoring.create(cast.ruth.user, "# A")
    for answer in (
        cast.ruth.client.get(cast.ruth.url("review", number=made.pk)),
        cast.ruth.client.post(cast.ruth.url("review", number=made.pk), {"do": "yes:0-1"}),
    ):
        assert answer["Location"] == cast.ruth.url("edit", number=made.pk)
    assert (
        "Review the import"
        not in Page(cast.ruth.client.get(cast.ruth.url("edit", number=made.pk))).text
    )


def test_the_editor_leads_to_the_review(cast: Cast, worksheet: Worksheet) -> None:
    page = Page(cast.ruth.client.get(cast.ruth.url("edit", number=worksheet.pk)))
    assert cast.ruth.url("review", number=worksheet.pk) in page.links


def test_a_press_is_done_said_and_undone(cast: Cast, worksheet: Worksheet) -> None:
    before = source()
    page = press(cast, worksheet, "not-gap:3")
    assert "Gap 3 is plain text now. 3 gaps." in page.text
    assert "Undo: Not a gap" in page.text
    assert "3 gaps · word bank" in page.text
    assert "Gap 3 is plain text now" in show(cast, worksheet).text  # after a reload, too
    assert send(cast, worksheet, undo=last()).status_code == 302
    assert source() == before
    assert "Undo: " not in show(cast, worksheet).text


@pytest.mark.parametrize(
    ("action", "words", "said"),
    [
        ("heading", "Hobby", "This line is a heading now."),
        ("plain", "## The Terror State", "This is plain text now."),
        ("option", "Hobby: ______", "This line is an option now."),
        ("bank", "The Terror State, 1930s", "This line is a word bank now."),
        ("box", "The Terror State, 1930s", "There is an answer box now. 3 written answers."),
        ("plain", "[[ coll", "This is plain text now."),
    ],
)
def test_a_line_is_pressed(
    cast: Cast, worksheet: Worksheet, action: str, words: str, said: str
) -> None:
    assert said in press(cast, worksheet, f"{action}:{place(words)}").text


def test_a_bank_is_split_joined_and_an_entry_removed(cast: Cast, worksheet: Worksheet) -> None:
    page = press(cast, worksheet, "split:0-1-6")
    assert "The entry is split. word bank of 4." in page.text
    press(cast, worksheet, "join:0-1")
    press(cast, worksheet, "remove:0-0")
    assert parse_sheet(source()).banks[0].words == ("Fourth International", "Abyssinia")


def test_name_lines_and_boxes(cast: Cast, worksheet: Worksheet) -> None:
    page = press(cast, worksheet, "name-line:1")
    assert "Gap 1 is gone with its label" in page.text
    assert "Hobby" not in source()
    press(cast, worksheet, "gap-box:1")
    assert len(parse_sheet(source()).questions) == 3


def test_yes_asks_the_next_question(cast: Cast, worksheet: Worksheet) -> None:
    total = show(cast, worksheet).html.count('class="check-card"')
    answers = re.findall(r'value="(yes:[0-9-]+)"', show(cast, worksheet).html)
    page = press(cast, worksheet, answers[0])
    assert page.html.count('class="check-card"') == total - 1
    assert f"Check 2 of {total}." in page.text
    for answer in answers[1:]:
        page = press(cast, worksheet, answer)
    page = press(cast, worksheet, "marks", marks="5")
    assert "check-card" not in page.html
    assert "Everything is checked." in page.text
    assert all(question.marks == 5 for question in parse_sheet(source()).questions)
    # The editor asks no more either.
    editor = Page(cast.ruth.client.get(cast.ruth.url("edit", number=worksheet.pk)))
    assert "Please check that they are split correctly" not in editor.text


def test_a_menu_opens_without_a_script(cast: Cast, worksheet: Worksheet) -> None:
    page = Page(send(cast, worksheet, menu="gap-2"))
    assert page.status == 200
    assert 'value="not-gap:2"' in page.html
    for odd in ("gap", "gap-x", "what-1", "gap-1'\"", "gap-" + "9" * 99):
        answer = send(cast, worksheet, menu=odd)
        assert answer.status_code == 200
        assert 'id="menu"' not in answer.content.decode()


def test_a_script_gets_the_parts_alone(cast: Cast, worksheet: Worksheet) -> None:
    answer = send(cast, worksheet, do="not-gap:2", fragment="1")
    assert answer.status_code == 200
    html = answer.content.decode()
    assert "<html" not in html
    assert "Gap 2 is plain text now. 3 gaps." in html


class TestSelections:
    def select(
        self, cast: Cast, worksheet: Worksheet, side: str, action: str, *edges: tuple[int, str]
    ) -> Any:
        (first, text), (last, until) = edges
        posted = {"start-at": str(first), "start-text": text, "end-at": str(last)}
        return send(cast, worksheet, do=action, side=side, **posted, **{"end-text": until})

    def test_a_word_of_the_paper(self, cast: Cast, worksheet: Worksheet) -> None:
        edges = ((6, "Plans. "), (6, "Plans. Trotsky"))
        assert self.select(cast, worksheet, "paper", "make-gap", *edges).status_code == 302
        assert "Plans. ___Trotsky___ founded" in source()

    def test_words_of_the_sheet(self, cast: Cast, worksheet: Worksheet) -> None:
        sheet = parse_sheet(source())
        block = next(
            i for i, line in enumerate(sheet.lines) if "Stalin" in source().split("\n")[line - 1]
        )
        shown = "\n  Stalin gained support for 2 and the 5-Year Plans. Trotsky founded"
        edges = (
            (block, shown.removesuffix("Trotsky founded")),
            (block, shown.removesuffix(" founded")),
        )
        assert self.select(cast, worksheet, "sheet", "make-gap", *edges).status_code == 302
        assert "Plans. ___Trotsky___ founded" in source()

    def test_lines_of_the_paper_as_a_bank(self, cast: Cast, worksheet: Worksheet) -> None:
        edges = ((3, "The "), (3, "The Terror State, 1930s"))
        assert self.select(cast, worksheet, "paper", "make-bank", *edges).status_code == 302
        assert len(parse_sheet(source()).banks) == 2

    @pytest.mark.parametrize(
        "edges",
        [
            ((99, ""), (99, "a")),
            ((0, ""), (1, "a")),
            ((2, ""), (2, "")),
            ((1, "x" * 6000), (1, "")),
        ],
    )
    @pytest.mark.parametrize("side", ["paper", "sheet"])
    def test_what_is_nowhere(
        self, cast: Cast, worksheet: Worksheet, side: str, edges: tuple[tuple[int, str], ...]
    ) -> None:
        before = source()
        assert self.select(cast, worksheet, side, "make-gap", *edges).status_code == 422
        assert source() == before


def test_what_cannot_be_done_says_so(cast: Cast, worksheet: Worksheet) -> None:
    for action in ("not-gap:99", "plain:0-3", "split:7-0-0", "join:0-9", "heading:0-999999"):
        page = Page(send(cast, worksheet, do=action))
        assert page.status == 422
        assert "That cannot be done here. Nothing was changed." in page.text


@pytest.mark.parametrize(
    "action",
    [
        "",
        "not-gap",
        "not-gap:1-2",
        "what:1",
        "heading:1",
        "split:1-2",
        "yes:1",
        "not-gap:-1",
        "x" * 999,
    ],
)
def test_what_no_button_sends(cast: Cast, worksheet: Worksheet, action: str) -> None:
    assert send(cast, worksheet, do=action).status_code == 400
    with pytest.raises(BadPress):
        read_press({"do": action})


def test_marks_that_cannot_be(cast: Cast, worksheet: Worksheet) -> None:
    assert send(cast, worksheet, do="marks", marks="0").status_code == 422
    assert send(cast, worksheet, do="marks", marks="many").status_code == 400


def test_another_window_is_told(cast: Cast, worksheet: Worksheet) -> None:
    authoring.save(worksheet, "# Elsewhere\n\nA gap ______.", seen=None)
    for posted in ({"do": "not-gap:1"}, {"undo": last()}, {"again": "1", "sure": "1"}):
        page = Page(send(cast, worksheet, seen="0" * 64, **posted))
        assert page.status == 409
        assert "changed in another window" in page.text
        assert "Elsewhere" in page.text
    assert source().startswith("# Elsewhere")


def test_nothing_to_undo(cast: Cast, worksheet: Worksheet) -> None:
    page = Page(send(cast, worksheet, undo=last()))
    assert page.status == 409
    assert "There is nothing to undo." in page.text


def test_starting_again_asks_if_something_was_changed(cast: Cast, worksheet: Worksheet) -> None:
    first = source()
    assert send(cast, worksheet, again="1").status_code == 302  # nothing would be lost
    press(cast, worksheet, "not-gap:1")
    changed = source()
    page = Page(send(cast, worksheet, again="1"))
    assert "Go back to what the import made?" in page.text
    assert source() == changed
    assert send(cast, worksheet, again="1", sure="1").status_code == 302
    assert source() == first
    send(cast, worksheet, undo=last())
    assert source() == changed


def test_the_published_version_is_told_of(cast: Cast, worksheet: Worksheet) -> None:
    keyed = source().replace("______", "___a___")
    authoring.publish(authoring.save(worksheet, keyed.replace("[[ ", "[[ a | "), seen=None))
    page = show(cast, worksheet)
    assert "Pupils see nothing yet." not in page.text
    assert "Pupils see the published version." in page.text


def test_the_file_is_handed_to_be_saved(cast: Cast, worksheet: Worksheet) -> None:
    answer = cast.ruth.client.get(cast.ruth.url("paper-file", number=worksheet.pk))
    assert answer.content == b"the file"
    assert answer["Content-Disposition"] == 'attachment; filename="terror.docx"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    keep_paper(worksheet, "", PAPER)
    answer = cast.ruth.client.get(cast.ruth.url("paper-file", number=worksheet.pk))
    assert answer.status_code == 404


def test_a_huge_paper_is_cut_on_the_page(cast: Cast, worksheet: Worksheet) -> None:
    keep_paper(worksheet, "", "a line\n" * 5000)
    page = show(cast, worksheet)
    assert page.html.count('<li class="paper-line') == 3000
    assert "And 2000 more lines." in page.text


def test_a_sheet_of_very_many_blocks_has_no_buttons(cast: Cast, worksheet: Worksheet) -> None:
    authoring.save(worksheet, "a\n\n" * 3001, seen=None)
    assert 'class="block' not in show(cast, worksheet).html


def test_nothing_of_the_paper_is_markup_here(cast: Cast, worksheet: Worksheet) -> None:
    paper = "<script>x</script> \"' & ____ <b>\n\n[[ <i>a</i> | b ]]\n"
    authoring.save(worksheet, paper, seen=None)
    keep_paper(worksheet, "<b>.txt", paper)
    html = show(cast, worksheet).html
    for tag in ("<script>x", "<b>.txt", "<i>a"):
        assert tag not in html


def test_a_selection_that_is_too_long_is_no_edit() -> None:
    posted = {"do": "make-gap", "side": "paper", "start-at": "1", "start-text": "x" * 5001}
    with pytest.raises(CannotEdit):
        read_press({**posted, "end-at": "1", "end-text": ""})


@pytest.mark.parametrize("source", ["", "   ", "語" * 120_000])
def test_a_text_of_which_no_sheet_is_made(cast: Cast, worksheet: Worksheet, source: str) -> None:
    Worksheet.objects.update(source=source)
    assert cast.ruth.client.get(cast.ruth.url("review", number=worksheet.pk)).status_code == 200


def test_the_last_line_of_a_paper_may_go(cast: Cast) -> None:
    made = authoring.create(cast.ruth.user, "Hobby: ______")
    keep_paper(made, "", "Hobby: ______")
    assert send(cast, made, do="name-line:1").status_code == 302
    assert "Undo" in show(cast, made).text


def test_undo_takes_back_the_step_that_its_button_names(cast: Cast, worksheet: Worksheet) -> None:
    """Another window has answered a question since, which left the text as it was."""
    send(cast, worksheet, do="not-gap:1")
    named = last()
    worksheet.refresh_from_db()
    reviewing.take_step(worksheet, worksheet.source, seen=digest_of(worksheet.source), action="yes")
    assert send(cast, worksheet, undo=named).status_code == 409
    assert ReviewStep.objects.count() == 2


def test_a_line_of_spaces_is_cut_in_time(cast: Cast) -> None:
    """Quadratic, it took twelve seconds: the test's own limit would end it for a longer one."""
    text = f"abc{' ' * 100_000}def"
    made = authoring.create(cast.ruth.user, text)
    keep_paper(made, "", text)
    extent = f"0-{len(made.source)}"
    assert send(cast, made, do=f"bank:{extent}").status_code in {302, 422}


def test_a_bank_of_too_many_characters_is_refused(cast: Cast) -> None:
    text = "word " * 2000
    made = authoring.create(cast.ruth.user, text)
    keep_paper(made, "", text)
    assert send(cast, made, do=f"bank:0-{len(made.source)}").status_code == 422


POINTED = (
    "The Terror State\n\nStalin stood right, with Molotov in the picture.\n\nIt was ______ .\n"
)


class TestPictures:
    def post(self, cast: Cast, worksheet: Worksheet, **posted: Any) -> Any:
        """What the card of a picture sends."""
        file = SimpleUploadedFile("Big Map.png", picture(size=(40, 30)))
        posted = {"picture": file, "seen": digest_of(source()), **posted}
        return cast.ruth.client.post(cast.ruth.url("pictures", number=worksheet.pk), posted)

    @pytest.fixture
    def pointed(self, cast: Cast) -> Worksheet:
        """A text that points to a picture that is not there."""
        made = authoring.create(
            cast.ruth.user, POINTED, "W", [(3, "A picture seems to be missing.", authoring.PICTURE)]
        )
        keep_paper(made, "", POINTED)
        return made

    def test_one_that_is_pointed_to_is_added_there(self, cast: Cast, pointed: Worksheet) -> None:
        assert "A picture seems to be missing." in show(cast, pointed).text
        answer = self.post(cast, pointed, line="3", name="")
        assert answer.status_code == 302
        page = Page(cast.ruth.client.get(answer["Location"]))
        assert source() == POINTED.replace("picture.\n", "picture.\n\n![](Big-Map.png)\n")
        assert "A picture seems to be missing." not in page.text
        assert "What does this picture show?" in page.text
        assert "Undo: Add a picture" in page.text
        send(cast, pointed, undo=last())
        assert source() == POINTED

    def test_or_there_is_none(self, cast: Cast, pointed: Worksheet) -> None:
        page = press(cast, pointed, "yes:0-3")
        assert "A picture seems to be missing." not in page.text

    def test_a_text_that_has_changed_gets_none(self, cast: Cast, pointed: Worksheet) -> None:
        answer = self.post(cast, pointed, line="3", name="", seen=digest_of("another"))
        assert answer.status_code == 422
        assert not pointed.pictures.exists()
        for odd in ("0", "99", "x", ""):
            assert self.post(cast, pointed, line=odd, name="").status_code == 422
        assert source() == POINTED

    def test_what_it_shows_is_asked_and_written(self, cast: Cast, pointed: Worksheet) -> None:
        self.post(cast, pointed, line="3", name="")
        line = source()[: source().index("![")].count("\n") + 1
        page = press(cast, pointed, f"describe:{line}", **{f"words-{line}": " A map of [Asia] "})
        assert "![A map of \\[Asia\\]](Big-Map.png)" in source()
        assert "Pupils who cannot see the picture hear that." in page.text
        assert "What does this picture show?" not in page.text

    def test_enter_writes_the_words_that_were_typed(self, cast: Cast, pointed: Worksheet) -> None:
        self.post(cast, pointed, line="3", name="")
        line = source()[: source().index("![")].count("\n") + 1
        press(cast, pointed, "described", **{"words-9": "", f"words-{line}": "A map"})
        assert "![A map](Big-Map.png)" in source()
        assert send(cast, pointed, do="described").status_code == 422

    def test_one_that_could_not_be_taken_over_is_asked_for(self, cast: Cast) -> None:
        text = "# T\n\n![](paper-1.png)\n\nIt was ______ .\n"
        made = authoring.create(cast.ruth.user, text)
        keep_paper(made, "a.docx", "T\n\nIt was ______ .")
        assert "The picture paper-1.png could not be taken over" in show(cast, made).text
        assert self.post(cast, made, line="3", name="other.png").status_code == 422
        assert self.post(cast, made, line="3", name="paper-1.png").status_code == 302
        assert made.pictures.get().name == "paper-1.png"
        press(cast, made, "no-picture:3")
        assert source() == "# T\n\nIt was ______ .\n"

    @pytest.mark.parametrize("button", ["describe:1", "describe:3-4", "no-picture:1", "describe:"])
    def test_what_is_no_picture_is_not_changed(self, cast: Cast, button: str) -> None:
        made = authoring.create(cast.ruth.user, POINTED)
        keep_paper(made, "", POINTED)
        answer = send(cast, made, do=button, **{"words-1": "words"})
        assert answer.status_code in (400, 422)
        assert source() == POINTED


class TestPages:
    @pytest.fixture
    def drawn(self, worksheet: Worksheet) -> Worksheet:
        """The paper as a PDF of one page, of whose lines the first two have their places."""
        pages = [PagePicture(100, 200, b"\xff\xd8pixels")]
        places = [[0, 0.1, 0.1, 0.5, 0.15], None, [0, 0.2, 0.2, 0.6, 0.25]]
        keep_paper(worksheet, "terror.pdf", PAPER, b"the file", pages=pages, places=places)
        return worksheet

    def test_they_stand_beside_the_sheet_with_its_tints(self, cast: Cast, drawn: Worksheet) -> None:
        page = show(cast, drawn)
        assert cast.ruth.url("paper-page", number=drawn.pk, page=0) in page.html
        assert re.search(r'<rect class="page-mark is-gap"\s+data-block="0"\s+x="8"', page.html)
        assert page.html.count("<rect") == 2
        lines = Page(cast.ruth.client.get(cast.ruth.url("review", number=drawn.pk) + "?view=lines"))
        assert "<rect" not in lines.html
        assert "Plans. Trotsky founded the" in lines.text
        assert lines.fields["view"].value == "lines"  # a press stays in this view

    def test_only_the_author_is_sent_one_and_may_keep_it(
        self, cast: Cast, drawn: Worksheet
    ) -> None:
        answer = cast.ruth.client.get(cast.ruth.url("paper-page", number=drawn.pk, page=0))
        assert (answer.content, answer["Content-Type"]) == (b"\xff\xd8pixels", "image/jpeg")
        assert answer["Cache-Control"].startswith("private, max-age=")
        for number in (1, 10**30):
            address = cast.ruth.url("paper-page", number=drawn.pk, page=number)
            assert cast.ruth.client.get(address).status_code == 404

    def test_they_count_into_the_quota_of_papers(
        self, cast: Cast, drawn: Worksheet, settings: Settings
    ) -> None:
        settings.LTI_AUTHOR_QUOTA_MB = 0
        pages = [PagePicture(1, 1, b"\xff\xd8")]
        keep_paper(drawn, "terror.pdf", PAPER, pages=pages, places=[None])
        assert "<rect" not in show(cast, drawn).html
        assert not PaperPage.objects.exists()
