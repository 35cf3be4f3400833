"""Platform Storage: the LMS keeps the key where the browser lets no cookie into the frame."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Frame, Page, Playwright, Route, expect

from lti_tool.sandbox.canvas import ids
from tests.journeys.people import (
    Demo,
    activity_frame,
    gap_list,
    saved,
    sign_in,
    submit,
    watch,
)
from tests.journeys.profiles import (
    authorisations,
    blocked_in_frames,
    launch_requests,
    manage_tool,
    profile,
    tool_cookies,
    ways,
)

pytestmark = pytest.mark.browser

COURSE, ACTIVITY, TEACHER = 4, 5, 10


@pytest.fixture(scope="module")
def canvas(demo: Demo) -> Demo:
    """The demo with the sample in its Canvas course."""
    manage_tool(
        demo,
        *("place_sample", "--client-id", "sandbox-canvas"),
        *("--deployment-id", "1:sandbox-canvas"),
        *("--context-id", ids.course(COURSE), "--link-id", ids.link(ACTIVITY)),
        *("--teacher", ids.person(TEACHER)),
    )
    return demo


@pytest.fixture
def blocking(
    playwright: Playwright, chromium: str, canvas: Demo, tmp_path: Path
) -> Iterator[BrowserContext]:
    """A browser that blocks all cookies of the tool inside the LMS's pages."""
    with profile(playwright, chromium, tmp_path / "p", blocked_in_frames(canvas)) as context:
        yield context


def enter(context: BrowserContext, demo: Demo, name: str) -> Page:
    """Sign in and open the activity's page."""
    page = context.new_page()
    sign_in(page, demo, name)
    page.goto(f"{demo.lms}/activities/{ACTIVITY}/")
    return page


RENAME = """(() => {
    const submit = HTMLFormElement.prototype.submit;
    HTMLFormElement.prototype.submit = function () {
        const field = this.elements.lti_storage_target;
        if (field) field.value = "FRAME";
        submit.call(this);
    };
})()"""


def told(context: BrowserContext, frame: str) -> None:
    """Let the LMS name another frame in its forms."""
    context.add_init_script(RENAME.replace("FRAME", frame))


def answering(context: BrowserContext, demo: Demo, old: str, new: str) -> None:
    """Let the LMS's script answer otherwise."""

    def script(route: Route) -> None:
        response = route.fetch()
        assert old in response.text()
        route.fulfill(response=response, body=response.text().replace(old, new))

    context.route(f"{demo.lms}/assets/messages.js", script)


LISTENING = """<!doctype html><script>
const heard = [];
addEventListener("message", ({ data }) => heard.push(data.subject));
</script>"""


def foreign(demo: Demo) -> str:
    """Another origin than the LMS's (and than the tool's, whose port is another)."""
    return demo.lms.replace("127.0.0.1", "localhost")


def embedding(context: BrowserContext, demo: Demo, old: str, new: str, script: str) -> None:
    """Let the activity's page hold a frame of another origin, which runs this script."""

    def activity(route: Route) -> None:
        response = route.fetch()
        assert old in response.text()
        body = response.text().replace(old, new.replace("FOREIGN", foreign(demo)))
        policy = response.headers["content-security-policy"]
        policy = policy.replace("frame-src ", f"frame-src {foreign(demo)} ")
        headers = {**response.headers, "content-security-policy": policy}
        route.fulfill(response=response, body=body, headers=headers)

    def frame(route: Route) -> None:
        route.fulfill(content_type="text/html", body=LISTENING + script)

    context.route(f"{demo.lms}/activities/{ACTIVITY}/", activity)
    context.route(f"{foreign(demo)}/foreign/", frame)


def foreign_frame(page: Page, demo: Demo) -> Frame:
    """The frame of another origin."""
    (frame,) = [frame for frame in page.frames if frame.url.startswith(foreign(demo))]
    return frame


def sheet(page: Page) -> Frame:
    """The frame, once it shows the worksheet."""
    frame = activity_frame(page)
    expect(frame.locator("#worksheet")).to_be_visible()
    return frame


def test_the_whole_way_without_a_cookie(blocking: BrowserContext, canvas: Demo) -> None:
    requests = launch_requests(blocking, canvas)
    page = enter(blocking, canvas, "Harriet Underwood")
    complaints = watch(page, (canvas.lms, canvas.tool))
    frame = sheet(page)
    assert ways(canvas)[-1] == "storage"
    assert tool_cookies(blocking, canvas) == []
    assert authorisations(requests) == 1
    # Neither token nor key has ever stood in an address.
    assert not [url for url in requests if "id_token=" in url or "browser_key=" in url]
    # Saving (fetch), a form's post, and the receipt (htmx), all from within.
    gap_list(frame, 1).select_option("collectivisation")
    saved(frame)
    submit(frame)
    expect(frame.locator("main").get_by_text("gradebook")).to_be_visible()
    assert complaints == []


class TestTheWholeWay:
    """Every page and every script of a visit that no cookie proves, as people use them."""

    def test_of_a_pupil(self, blocking: BrowserContext, canvas: Demo) -> None:
        page = enter(blocking, canvas, "Ben Ashworth")
        complaints = watch(page, (canvas.lms, canvas.tool))
        frame = sheet(page)
        assert "pass=" not in frame.url
        gap_list(frame, 1).select_option("collectivisation")
        saved(frame)
        frame.locator("textarea#q2").fill("Written without a cookie.")
        frame.get_by_role("button", name="Save and continue later").click()
        expect(frame.get_by_text("Saved. You can continue later")).to_be_visible()
        expect(frame.locator("textarea#q2")).to_have_value("Written without a cookie.")
        # Loaded again, with what was typed a moment before that.
        frame.locator("textarea#q2").press_sequentially(" More.")
        with page.expect_event("framenavigated"):
            frame.evaluate("location.reload()")
        frame = sheet(page)
        expect(frame.locator("textarea#q2")).to_have_value(re.compile("cookie|More"))
        expect(frame.locator("[data-save-state]")).not_to_contain_text("ot saved")
        # What is empty leads back to its place: by a link, and from there by the browser's 'back'.
        frame.get_by_role("button", name="Check and submit").press("Enter")
        expect(frame.get_by_role("heading", name="Not answered yet")).to_be_visible()
        frame.get_by_role("link", name="Gap 8").press("Enter")
        frame = sheet(page)
        frame.evaluate("history.back()")
        expect(frame.get_by_role("heading", name="Not answered yet")).to_be_visible()
        frame.get_by_role("button", name="Submit anyway").press("Enter")
        expect(frame.get_by_role("heading", name="Submitted")).to_be_visible()
        expect(frame.locator("main").get_by_text("In the gradebook.")).to_be_visible()
        assert tool_cookies(blocking, canvas) == []
        assert complaints == []

    def test_of_a_teacher(self, blocking: BrowserContext, canvas: Demo) -> None:
        page = enter(blocking, canvas, "Dmitri Bondarenko")
        frame = sheet(page)
        frame.locator("textarea#q2").fill("To be marked.")
        saved(frame)
        submit(frame)
        page = enter(blocking, canvas, "Ruth Adeyemi")
        complaints = watch(page, (canvas.lms, canvas.tool))
        frame = activity_frame(page)
        # htmx, as the page is loaded and at a press.
        expect(frame.locator("#roster-state")).to_contain_text("Class list as of")
        frame.get_by_role("button", name="Refresh the class list").press("Enter")
        expect(frame.locator("#roster-state")).to_contain_text("Class list as of")
        # A tab has no secret to ask for.
        with blocking.expect_page() as opened:
            frame.get_by_role("link", name="Dmitri Bondarenko").click(button="middle")
        expect(opened.value.get_by_role("heading")).to_have_text(
            "This page has closed for security"
        )
        opened.value.close()
        frame.get_by_role("link", name="Dmitri Bondarenko").press("Enter")
        expect(frame.get_by_text("To be marked.")).to_be_visible()
        # A draft (fetch), then the form, by Enter in a field.
        points = frame.locator("#id_q2-points")
        with page.expect_response("**/drafts/**") as kept:
            points.fill("2")
        assert kept.value.status == 200
        points.press("Enter")
        expect(frame.get_by_text("Saved. The pupil sees the marks when")).to_be_visible()
        frame.get_by_role("button", name="Release").first.press("Enter")
        expect(frame.get_by_text("Released. The gradebook will update shortly.")).to_be_visible()
        # Other pages, the preview of a text (htmx), and 'back'.
        frame.get_by_role("link", name="My worksheets").press("Enter")
        open_first_worksheet(frame)
        frame.locator("textarea[name=source]").fill("# Another title\n\nA ___gap___.")
        expect(frame.locator("#preview")).to_contain_text("Another title")
        frame.evaluate("history.back()")
        expect(frame.locator("a.library-title").first).to_be_visible()
        assert tool_cookies(blocking, canvas) == []
        assert complaints == []

    def test_a_visit_that_is_over_shows_what_was_typed(
        self, blocking: BrowserContext, canvas: Demo
    ) -> None:
        page = enter(blocking, canvas, "Chiara Bellini")
        frame = sheet(page)
        storage = next(frame for frame in page.frames if frame.url == f"{canvas.lms}/storage/")
        storage.evaluate("kept.clear()")
        with page.expect_event("framenavigated"):
            frame.evaluate("location.reload()")
        frame = activity_frame(page)
        expect(frame.get_by_role("heading")).to_have_text("This page has closed for security")
        page.reload()
        frame = sheet(page)
        # Two hours later.
        manage_tool(canvas, "shell", "-c", FORGET)
        frame.locator("textarea#q2").fill("Typed too late.")
        expect(frame.locator("[data-save-state]")).to_contain_text(
            "open the worksheet again from your course"
        )
        expect(frame.locator("textarea#q2")).to_have_value("Typed too late.")
        # A form says the same, and shows what was typed. By the mouse, whose last event submits:
        # the release of a key would meet a page that goes, and Chromium need not answer it then.
        frame.get_by_role("button", name="Save and continue later").click()
        expect(frame.get_by_role("heading", name="This page has closed")).to_be_visible()
        expect(frame.locator("textarea.typed").first).to_have_value(re.compile("Typed too late."))

    def test_the_answer_to_a_form_loaded_again(
        self, blocking: BrowserContext, canvas: Demo
    ) -> None:
        """Browsers send the form again, which was taken the first time."""
        page = enter(blocking, canvas, "Freya Thorsen")
        frame = sheet(page)
        frame.locator("textarea#q3").fill("long " * 4001)
        frame.get_by_role("button", name="Save and continue later").press("Enter")
        expect(frame.get_by_text("Everything else is saved.")).to_be_visible()
        with page.expect_event("framenavigated"):
            frame.evaluate("location.reload()")
        frame = activity_frame(page)
        expect(frame.get_by_role("heading", name="This was sent already")).to_be_visible()
        expect(frame.locator("textarea.typed")).to_have_value(re.compile("^(long )+"))
        frame.get_by_role("link", name="Continue with the worksheet").press("Enter")
        sheet(page)

    def test_back_to_the_course(self, blocking: BrowserContext, canvas: Demo) -> None:
        page = enter(blocking, canvas, "Chiara Bellini")
        sheet(page).get_by_role("link", name="Back to the course").press("Enter")
        page.wait_for_url(f"{canvas.lms}/courses/{COURSE}/**")


FORGET = "from lti_tool.models import StoredLaunch; StoredLaunch.objects.update(renewed_at=None)"


def test_the_page_around_may_keep_the_key_itself(blocking: BrowserContext, canvas: Demo) -> None:
    told(blocking, "_parent")
    before = len(ways(canvas))
    sheet(enter(blocking, canvas, "Amina Abdullahi"))
    assert ways(canvas)[before:] == ["storage"]


def test_reload_and_back_inside_the_frame(blocking: BrowserContext, canvas: Demo) -> None:
    """While the LMS's page has the secret, which ends with it: then words say what to do."""
    page = enter(blocking, canvas, "Amina Abdullahi")
    frame = sheet(page)
    with page.expect_event("framenavigated"):
        frame.evaluate("location.reload()")
    frame = sheet(page)
    frame.evaluate("location.hash = 'g3'")
    frame.evaluate("history.back()")
    sheet(page)
    page.goto(f"{canvas.lms}/courses/{COURSE}/")
    page.go_back()
    frame = activity_frame(page)
    expect(frame.get_by_role("heading")).to_have_text("This page has closed for security")
    expect(frame.get_by_text("Open the worksheet again from your course")).to_be_visible()
    page.reload()
    sheet(page)


def test_the_address_opens_nothing_outside_the_frame(
    blocking: BrowserContext, canvas: Demo
) -> None:
    page = enter(blocking, canvas, "Amina Abdullahi")
    address = sheet(page).url
    pasted = blocking.new_page()
    pasted.goto(address)
    expect(pasted.get_by_role("heading")).to_have_text("This page has closed for security")
    linked = blocking.new_page()
    linked.goto(f"{canvas.lms}/courses/{COURSE}/")
    linked.evaluate("address => { location.href = address }", address)
    expect(linked.get_by_role("heading")).to_have_text("This page has closed for security")
    # Not even in another frame of the LMS's own page.
    linked.goto(f"{canvas.lms}/activities/{ACTIVITY}/")
    sheet(linked)
    linked.evaluate(
        "address => { document.querySelector('iframe[name=activity]').src = address }", address
    )
    inner = linked.frame_locator("iframe[name=activity]")
    expect(inner.get_by_role("heading")).to_have_text("This page has closed for security")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("addEventListener(", "void ("),
        ('subject: "lti.put_data", frame', 'subject: "lti.other"'),
        ("kept.set(", "throw new Error("),
        ("return { key, value }", 'return { key, value: "another" }'),
    ],
    ids=["silent", "unable", "broken", "forgetful"],
)
def test_where_nothing_is_kept_a_new_tab_works(
    blocking: BrowserContext, canvas: Demo, old: str, new: str
) -> None:
    """As in Canvas's mobile apps: storage is announced, and nobody answers."""
    answering(blocking, canvas, old, new)
    expect_new_tab(blocking, canvas)


def test_a_teacher_chooses_from_the_rich_text_editor(
    blocking: BrowserContext, canvas: Demo
) -> None:
    """Which shows tools without the frame beside them."""
    before = len(ways(canvas))
    page = blocking.new_page()
    sign_in(page, canvas, "Ruth Adeyemi")
    page.goto(f"{canvas.lms}/courses/{COURSE}/")
    page.get_by_role("button", name="Add: Link in a page").click()
    expect(page.locator("iframe")).to_have_count(1)
    frame = page.frame_locator("iframe[name=selection]")
    expect(frame.get_by_role("heading", name="New worksheet")).to_be_visible()
    assert ways(canvas)[before:] == ["storage"]


def test_where_the_frame_is_not_there_the_page_around_keeps_the_key(
    blocking: BrowserContext, canvas: Demo
) -> None:
    """As in Canvas's rich text editor, which shows tools without the frame beside them."""
    told(blocking, "no_such_frame")
    before = len(ways(canvas))
    sheet(enter(blocking, canvas, "Amina Abdullahi"))
    assert ways(canvas)[before:] == ["storage"]


def test_without_the_frame_a_page_of_another_origin_is_given_nothing(
    blocking: BrowserContext, canvas: Demo
) -> None:
    told(blocking, "no_such_frame")
    registered = 'pages.split(" ")'

    def script(route: Route) -> None:
        response = route.fetch()
        assert registered in response.text()
        body = response.text().replace(registered, '["https://canvas.elsewhere.example"]')
        route.fulfill(response=response, body=body)

    blocking.route("**/platform_storage.js", script)
    frame = activity_frame(enter(blocking, canvas, "Amina Abdullahi"), "/lti/login/")
    expect(frame.get_by_role("link", name="Open the worksheet in a new tab")).to_be_visible()


def test_what_was_kept_is_removed_once_it_was_used(blocking: BrowserContext, canvas: Demo) -> None:
    """In Canvas a tool may keep 4,096 characters, of all its logins together."""
    page = enter(blocking, canvas, "Amina Abdullahi")
    sheet(page)
    (storage,) = [frame for frame in page.frames if frame.url == f"{canvas.lms}/storage/"]
    # The secret of the visit's pages is there as long as they are.
    (name,) = storage.evaluate("[...kept.keys()]")
    assert name.startswith(f"{canvas.tool} lti-visit-")


def test_a_storage_that_is_full_leads_to_a_new_tab(blocking: BrowserContext, canvas: Demo) -> None:
    answering(blocking, canvas, "const LIMIT = 4096", "const LIMIT = 40")
    expect_new_tab(blocking, canvas)


def test_a_frame_of_another_origin_is_given_nothing(blocking: BrowserContext, canvas: Demo) -> None:
    """It has the name that the LMS told, and would keep whatever it is given."""
    offering = f'<script src="{canvas.lms}/assets/messages.js"></script>'
    embedding(blocking, canvas, 'src="/storage/"', 'src="FOREIGN/foreign/"', offering)
    page = expect_new_tab(blocking, canvas)
    page.evaluate("frames.post_message_forwarding.postMessage({ subject: 'the last' }, '*')")
    frame = foreign_frame(page, canvas)
    frame.wait_for_function("heard.includes('the last')")
    assert frame.evaluate("heard") == ["the last"]


# The line in which the LMS's script answers; the same by way of a frame that passes it on.
ANSWER = (
    "page?.postMessage({ ...reply, subject: `${subject}.response`, message_id }, event.origin);"
)
FROM_ANOTHER = ANSWER.replace("page?", "top.frames.foreign").replace("event.origin", "'*'")
PASSING_ON = (
    "<script>onmessage = ({ data }) => parent.frames.activity.postMessage(data, '*');</script>"
)


def beside(context: BrowserContext, demo: Demo) -> None:
    """Put a frame of another origin beside the LMS's own."""
    own = '<iframe name="post_message_forwarding"'
    another = '<iframe name="foreign" src="FOREIGN/foreign/" hidden></iframe>'
    embedding(context, demo, own, another + own, PASSING_ON)


def test_another_origins_yes_is_no_answer(blocking: BrowserContext, canvas: Demo) -> None:
    beside(blocking, canvas)
    yes = f"if (subject === 'lti.put_data') {FROM_ANOTHER} else {ANSWER}"
    answering(blocking, canvas, ANSWER, yes)
    page = expect_new_tab(blocking, canvas)
    assert "lti.put_data.response" in foreign_frame(page, canvas).evaluate("heard")


def test_another_origins_no_is_no_answer(blocking: BrowserContext, canvas: Demo) -> None:
    """It comes first, and the LMS's own yes a moment later."""
    beside(blocking, canvas)
    no = FROM_ANOTHER.replace("...reply", "error: { code: 'no' }")
    answering(blocking, canvas, ANSWER, f"{no} setTimeout(() => {{ {ANSWER} }}, 300);")
    before = len(ways(canvas))
    page = enter(blocking, canvas, "Amina Abdullahi")
    sheet(page)
    assert ways(canvas)[before:] == ["storage"]
    heard = set(foreign_frame(page, canvas).evaluate("heard"))
    assert heard >= {f"lti.{name}.response" for name in ("capabilities", "put_data", "get_data")}


def expect_new_tab(blocking: BrowserContext, canvas: Demo) -> Page:
    """The button, before the platform's address was opened; and it leads to the worksheet."""
    requests = launch_requests(blocking, canvas)
    page = enter(blocking, canvas, "Amina Abdullahi")
    frame = activity_frame(page, "/lti/login/")
    button = frame.get_by_role("link", name="Open the worksheet in a new tab")
    expect(button).to_be_visible()
    assert authorisations(requests) == 0
    before = len(ways(canvas))
    with blocking.expect_page() as opened:
        button.click()
    opened.value.wait_for_url(f"{canvas.tool}/a/**")
    assert authorisations(requests) == 1
    assert ways(canvas)[before:] == ["cookie"]
    return page


def test_a_key_that_was_lost_ends_in_a_page_that_helps(
    blocking: BrowserContext, canvas: Demo
) -> None:
    answering(blocking, canvas, "kept.get(", "(() => null)(")
    page = enter(blocking, canvas, "Amina Abdullahi")
    frame = activity_frame(page, "/lti/launch/")
    expect(frame.get_by_text("Allow cookies for this page")).to_be_visible()


def test_with_cookies_the_storage_is_not_asked(
    playwright: Playwright, chromium: str, canvas: Demo, tmp_path: Path
) -> None:
    """The control: the same course, the same offer, and no blocking."""
    with profile(playwright, chromium, tmp_path / "p", {}) as context:
        page = enter(context, canvas, "Amina Abdullahi")
        sheet(page)
        assert ways(canvas)[-1] == "cookie"
        assert len(tool_cookies(context, canvas)) == 1


def test_the_frame_grows_and_shrinks_with_its_content(
    playwright: Playwright, chromium: str, canvas: Demo, tmp_path: Path
) -> None:
    with profile(playwright, chromium, tmp_path / "p", {}) as context:
        page = enter(context, canvas, "Amina Abdullahi")
        frame = sheet(page)
        # The page to fill in keeps its height: test_gaps.
        frame.get_by_role("button", name="Check and submit").press("Enter")
        expect(frame.get_by_role("heading", name="Not answered yet")).to_be_visible()
        fits = "() => document.documentElement.scrollHeight <= innerHeight && innerHeight > 700"
        frame.wait_for_function(fits)
        tall = frame.evaluate("innerHeight")
        frame.evaluate("document.querySelector('.still-empty').hidden = true")
        frame.wait_for_function("tall => innerHeight < tall / 2", arg=tall)


def test_no_page_makes_the_frame_grow_for_ever(
    playwright: Playwright, chromium: str, canvas: Demo, tmp_path: Path
) -> None:
    """Heights that follow the window's (the editor's) would chase the frame's."""
    with profile(playwright, chromium, tmp_path / "p", {}) as context:
        page = enter(context, canvas, "Ruth Adeyemi")
        frame = activity_frame(page)
        frame.get_by_role("link", name="My worksheets").press("Enter")
        open_first_worksheet(frame)
        expect(frame.locator("#editor")).to_be_visible()
        frame.wait_for_function(SETTLED)
        assert frame.evaluate("innerHeight") < 2500


def open_first_worksheet(frame: Frame) -> None:
    """In the library. A press while the frame grows would meet what is not there any more."""
    title = frame.locator("a.library-title").first
    title.wait_for()
    frame.wait_for_function(SETTLED)
    title.press("Enter")


# The height has stayed the same for a second.
SETTLED = """() => {
    const now = performance.now();
    if (window.lastHeight !== innerHeight) [window.lastHeight, window.since] = [innerHeight, now];
    return now - window.since > 1000;
}"""
