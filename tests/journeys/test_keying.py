"""From a paper to the course by pressing: no word is typed twice, and few presses are needed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from importlib import resources

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.journeys.people import RIGHT, TEACHER, Demo, new_person, sign_in, watch
from tests.journeys.test_accessibility import LOOKS, look
from tests.journeys.test_deep_linking import open_picker
from tests.journeys.test_paper import KEY, PAPER
from worksheets.markup import Sheet
from worksheets.markup.editing import set_keys, set_question
from worksheets.questions import KINDS, parse_sheet

pytestmark = pytest.mark.browser

MAX_PRESSES = 15
SAMPLE = (resources.files("worksheets") / "samples" / "terror.md").read_text(encoding="utf-8")
# What a person presses, not what a script or another press brings about.
COUNT = """
for (const name of ["click", "keydown"]) {
  addEventListener(name, (event) => {
    const isPointer = name === "click" && event.detail > 0;
    if (event.isTrusted && (isPointer || name === "keydown")) window.pressed(name, event.key ?? "");
  }, { capture: true });
}
"""


def unkeyed(source: str) -> str:
    """The sample as a paper has it: without answers, marks, or anything for teachers."""
    sheet = parse_sheet(source)
    changes = [(gap, replace(gap, accepted=(), anticipated=())) for gap in sheet.gaps]
    source = set_keys(source, changes, KINDS.values())
    for key in [question.key for question in sheet.questions]:
        question = parse_sheet(source).question(key)
        bare = replace(question, marks=None, model="", rubric="")
        source = set_question(source, question, bare, KINDS.values())
    return source.replace("![", "[")


def file(name: str, text: str) -> FilePayload:
    return {"name": name, "mimeType": "text/plain", "buffer": text.encode()}


@contextmanager
def activity(page: Page, demo: Demo, title: str, marks: int) -> Iterator[None]:
    """An activity of its own in Ruth's course, opened in a window.

    It has a worksheet with so many marks that nobody has begun.
    """
    sign_in(page, demo, TEACHER)
    frame = open_picker(page, demo, "2")
    frame.get_by_label("or paste its text").fill(
        f"# {title}\n\nThe ___a___.\n\n??? {marks - 1} marks\n"
    )
    frame.get_by_role("button", name="Use my text unchanged").click()
    frame.get_by_role("button", name="Answers and use").click()
    frame.get_by_role("button", name="Add to").click()
    expect(page.frame_locator("iframe").get_by_text("Added to")).to_be_visible()
    page.goto(f"{demo.lms}/courses/2/")
    link = page.get_by_role("link", name=title).first.get_attribute("href") or ""
    number = re.sub(r"\D", "", link.rpartition("activities")[2])
    page.goto(f"{demo.lms}/launch/{number}/?target=window")
    page.wait_for_url(re.compile("/a/"))
    yield


def sheet_at(page: Page) -> Sheet:
    """The worksheet that the editor shows now."""
    page.get_by_role("link", name="Text of the worksheet").click()
    source = page.get_by_label("Text of the worksheet").input_value()
    page.go_back()
    return parse_sheet(source)


@pytest.mark.parametrize("paper", ["sample", "paper"])
def test_from_the_file_to_the_course_in_few_presses(
    browser: Browser, calm: Demo, paper: str
) -> None:
    if paper == "paper" and not PAPER.exists():
        pytest.skip(f"the real paper is not here: {PAPER}")
    text = unkeyed(SAMPLE) if paper == "sample" else PAPER.read_text(encoding="utf-8")
    words = RIGHT if paper == "sample" else [answers.partition(" | ")[0] for answers in KEY]
    marks = 8 + 5 * (5 if paper == "sample" else 4)
    with new_person(browser) as context:
        page = context.new_page()
        complaints = watch(page, (calm.lms, calm.tool))
        presses: list[str] = []
        page.expose_function("pressed", lambda name, key: presses.append(f"{name} {key}"))
        page.add_init_script(COUNT)
        with activity(page, calm, f"Few presses, {paper}", marks):
            page.get_by_role("link", name="My worksheets").click()
            presses.clear()
            page.locator("input[type=file]").set_input_files(file(f"{paper}.txt", text))
            name = "Use my text unchanged" if paper == "sample" else "Import from paper"
            page.get_by_role("button", name=name).click()
            page.get_by_role("button", name="Answers").or_(
                page.get_by_role("link", name="Next: answers")
            ).first.click()
            for number, word in enumerate(words, 1):
                expect(page.locator(".word button").nth(number - 1)).to_be_focused()
                page.locator(f".word-panel [data-word='{word}']").click()
            give = page.get_by_role("button", name="Give these marks")
            expect(give).to_be_focused()
            give.click()
            expect(page.get_by_text("Everything has its answer.")).to_be_visible()
            expect(page.locator("[data-count]")).to_have_text(
                re.compile(r"Answers 8 of 8 gaps · Marks (\d) of \1 questions")
            )
            page.get_by_role("button", name="Use in History 10b").click()
            expect(page.get_by_text("Added. Pupils can open it now.")).to_be_visible()
            assert len(presses) <= MAX_PRESSES, presses
            assert not [press for press in presses if press.startswith("keydown")]
        assert complaints == []


@pytest.fixture
def keys_page(request: pytest.FixtureRequest, browser: Browser, demo: Demo) -> Iterator[Page]:
    """The page of the sample's answers, none of them given, in a window of its own."""
    with new_person(browser, **LOOKS[getattr(request, "param", "laptop")]) as context:
        page = context.new_page()
        complaints = watch(page, (demo.lms, demo.tool))
        sign_in(page, demo, TEACHER)
        page.goto(f"{demo.lms}/launch/1/?target=window")
        page.get_by_role("link", name="My worksheets").click()
        page.get_by_label("or paste its text").fill(unkeyed(SAMPLE))
        page.get_by_role("button", name="Use my text unchanged").click()
        page.get_by_role("button", name="Answers").click()
        expect(page.locator(".word-panel")).to_be_visible()
        yield page
        assert complaints == []


@pytest.mark.parametrize("keys_page", LOOKS, indirect=True)
def test_the_page_at_each_size(keys_page: Page, request: pytest.FixtureRequest) -> None:
    page, kind = keys_page, request.node.callspec.params["keys_page"]
    panel = page.locator(".word-panel")
    look(page, f"keys-empty-{kind}")
    panel.locator("[data-word='Rhineland']").click()
    expect(page.locator("#live")).to_have_text("Gap 1: Rhineland. 7 to go.")
    # It was meant for gap 7.
    page.keyboard.press("Escape")
    page.locator("[name=g7] + button").click()
    panel.locator("[data-word='Rhineland']").click()
    expect(page.locator(".strip .moved")).to_contain_text("Moved from gap 1.")
    expect(page.locator("[name=g8] + button")).to_be_focused()
    page.get_by_role("button", name="Undo").first.click()
    expect(page.locator("[name=g1]")).to_have_value("Rhineland")
    expect(page.locator("[name=g7]")).to_have_value("")
    expect(page.locator("[data-save-state]")).to_have_text("Saved")
    # By keys alone: letters narrow the words, and what no bank has is said.
    page.locator("[name=g2] + button").focus()
    page.keyboard.type("oppo")
    page.keyboard.press("Enter")
    expect(page.locator("[name=g2]")).to_have_value("Right Opposition")
    expect(page.locator("[name=g3] + button")).to_be_focused()
    page.keyboard.type("Komintern")
    page.keyboard.press("Enter")
    expect(panel.get_by_text("Pupils cannot choose this.")).to_be_visible()
    look(page, f"keys-stray-{kind}")
    panel.get_by_role("button", name="Add it to the bank").click()
    expect(page.locator(".bank button", has_text="Komintern")).to_be_visible()
    expect(panel.get_by_text("Pupils cannot choose this.")).to_be_hidden()
    panel.get_by_label("Also accept").fill("Comintern | III")
    panel.get_by_label("Also accept").press("Enter")
    expect(page.locator("[data-item=g3] .also")).to_have_text("/ Comintern | III")
    expect(panel.get_by_label("Also accept")).to_be_focused()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    page.keyboard.press("Delete")
    expect(page.locator("[name=g3]")).to_have_value("")
    # An answer box
    page.locator("[data-decided=q2] a").click()
    box = page.locator(".key-box")
    box.get_by_role("button", name="One mark more").click()
    box.get_by_role("button", name="One mark more").click()
    box.get_by_label("Model answer").fill("Fear made haste.\n- haste made fear")
    box.get_by_label("How you will mark").fill("2 marks each way")
    look(page, f"keys-box-{kind}")
    expect(page.locator("[data-decided=q2]")).to_contain_text("2 marks")
    page.keyboard.press("Escape")
    expect(page.locator("[data-decided=q2]")).to_contain_text("model answer · how you will mark")
    expect(page.locator("[data-save-state]")).to_have_text("Saved")
    sheet = sheet_at(page)
    assert [bool(gap.accepted) for gap in sheet.gaps] == [True, True, *[False] * 6]
    question = sheet.question("q2")
    assert (question.marks, question.rubric) == (Decimal(2), "2 marks each way")
    assert question.model == "Fear made haste.\n- haste made fear"


def test_a_word_and_then_its_gap(keys_page: Page) -> None:
    page = keys_page
    page.keyboard.press("Escape")
    page.locator(".bank button", has_text="Manchuria").click()
    page.locator("[name=g5] + button").click()
    expect(page.locator("[name=g5]")).to_have_value("Manchuria")
    expect(page.locator(".word-panel")).to_be_hidden()


def test_another_window_and_a_lost_network(keys_page: Page) -> None:
    page = keys_page
    other = page.context.new_page()
    other.goto(page.url)
    other.locator(".word-panel [data-word='Comintern']").click()
    expect(other.locator("[data-save-state]")).to_have_text("Saved")
    page.locator(".word-panel [data-word='collectivisation']").click()
    alert = page.locator(".key-alert")
    expect(alert).to_contain_text("changed in another window")
    expect(alert).to_contain_text("Not saved: Gap 1: collectivisation")
    alert.get_by_role("button", name="Show what stands there now").click()
    expect(page.locator("[name=g1]")).to_have_value("Comintern")
    page.get_by_role("button", name="Write mine all the same").click()
    expect(page.locator("[name=g1]")).to_have_value("collectivisation")
    expect(page.locator("[data-save-state]")).to_have_text("Saved")
    page.context.set_offline(True)
    page.locator("[name=g2] + button").click()
    page.locator(".word-panel [data-word='Rhineland']").click()
    expect(page.locator("[data-save-state]")).to_contain_text("You are offline.")
    page.context.set_offline(False)
    expect(page.locator("[data-save-state]")).to_have_text("Saved")
    page.reload()
    expect(page.locator("[name=g2]")).to_have_value("Rhineland")


def test_undo_after_a_reload_and_word_of_another_window(keys_page: Page) -> None:
    page = keys_page
    page.locator(".word-panel [data-word='Rhineland']").click()
    expect(page.locator("[data-save-state]")).to_have_text("Saved")
    expect(page.locator("[name=g1]")).to_have_value("Rhineland")
    page.reload()
    expect(page.locator("[name=g1]")).to_have_value("Rhineland")
    page.locator(".strip").get_by_role("button", name="Undo").click()
    expect(page.locator("[name=g1]")).to_have_value("")
    expect(page.locator("[data-save-state]")).to_have_text("Saved")
    other = page.context.new_page()
    other.goto(page.url)
    other.locator(".word-panel [data-word='Comintern']").click()
    expect(other.locator("[data-save-state]")).to_have_text("Saved")
    # Nothing is pressed here.
    expect(page.locator(".key-alert")).to_contain_text("being changed in another window")
    page.get_by_role("button", name="Show what stands there now").click()
    expect(page.locator("[name=g1]")).to_have_value("Comintern")


def test_a_file_that_is_refused_stays_chosen(keys_page: Page) -> None:
    page = keys_page
    page.get_by_role("link", name="My worksheets").click()
    field = page.locator("input[type=file]")
    field.set_input_files(file("map.docx", "no document"))
    page.get_by_role("button", name="Import from paper").click()
    wrong = page.locator("#div_id_paper .error")
    expect(wrong).to_have_text("This is not a .docx file, though its name says so.")
    assert field.evaluate("(field) => field.files[0].name") == "map.docx"
    field.set_input_files(file("large.txt", "x" * 21_000_000))
    expect(wrong).to_contain_text("it has 21 MB, and at most 20 MB can be read")
    field.set_input_files(file("paper.txt", "A gap ______ here."))
    expect(wrong).to_have_count(0)
    page.get_by_role("button", name="Import from paper").click()
    expect(page.get_by_text("paper.txt · 1 gap")).to_be_visible()


def test_without_a_script_it_is_a_form(browser: Browser, demo: Demo) -> None:
    with new_person(browser, java_script_enabled=False) as context:
        page = context.new_page()
        sign_in(page, demo, TEACHER)
        page.goto(f"{demo.lms}/launch/1/?target=window")
        while "/a/" not in page.url:  # each of the LMS's forms has a button to press
            page.get_by_role("button").last.click()
        page.get_by_role("link", name="My worksheets").click()
        page.get_by_label("or paste its text").fill(unkeyed(SAMPLE))
        page.get_by_role("button", name="Use my text unchanged").click()
        page.get_by_role("button", name="Answers").click()
        for number, word in enumerate(RIGHT[:7], 1):
            page.locator(f"select[name=g{number}]").select_option(word)
        page.locator("[name=g8-typed]").fill("the Anti-Comintern Pact")
        page.locator("[name=g8-typed]").press("Enter")
        expect(page.get_by_text("Answers 8 of 8 gaps")).to_be_visible()
        page.get_by_role("link", name="More").nth(3).click()
        page.get_by_label("Also accept").fill("Third International")
        page.get_by_label("Also accept").press("Enter")
        expect(page.locator("[data-item=g4] .also")).to_have_text("/ Third International")
        page.get_by_role("button", name="Give these marks").click()
        expect(page.get_by_text("Marks 5 of 5 questions")).to_be_visible()
        expect(page.get_by_role("button", name="Use in History 10b")).to_be_visible()
