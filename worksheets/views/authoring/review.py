"""The review of an import: the paper on one side, the sheet as pupils will see it on the other."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lti_tool.protocol.values import whole_number
from worksheets import authoring
from worksheets.authoring import ChangedElsewhere, TooLong, reviewing
from worksheets.authoring.from_paper import too_long_as_worksheet
from worksheets.authoring.reviewing import NothingToUndo
from worksheets.markup import BankBlock, PictureBlock, Sheet
from worksheets.markup.editing import CannotEdit
from worksheets.models import Paper, PaperPage, Worksheet
from worksheets.models.worksheet import read_sheet
from worksheets.questions import parse_sheet
from worksheets.rendering import render_sheet
from worksheets.rendering.page_marks import ShownPage, mark_pages
from worksheets.rendering.review import (
    MAX_BLOCKS,
    PlacedBlock,
    Reviewing,
    Side,
    paper_side,
    placed_blocks,
    render_block,
)
from worksheets.views.authoring.pictures import MAX_AGE
from worksheets.views.authoring.presses import BadPress, Press, read_press
from worksheets.views.base import AuthorView
from worksheets.wording.review import KINDS_OF_MENU, Menu, contents, label_of, menu_of, said_of

MAX_DIGITS = 18  # of the number of a step
MAX_PAGE = 2**31 - 1  # a number that the database can compare
LINES = "lines"  # the view of a paper that has pictures of its pages
TOO_LONG = "too-long"  # the code of a text that is not read
MAX_CHECKS = 100  # that are asked on one page
MAX_MARKS_TO_GIVE = 20
USUAL_MARKS = 5


@dataclass(frozen=True, slots=True)
class Check:
    """A question about a guess. ``answer`` is what its Yes sends, '' if it is answered otherwise.

    ``plain`` is what a press sends that makes plain text of a question with choices.
    ``menu`` is the menu that Change opens, ``block`` where the question stands in the sheet.
    """

    kind: str  # 'guess', 'bank', 'marks', 'words' for a picture, 'missing', or 'no-file'
    text: str
    block: int
    answer: str = ""
    menu: str = ""
    plain: str = ""
    number: int = 0
    is_first: bool = False
    line: int = 0  # of the picture, or of the text that points to one
    name: str = ""  # of the picture's file


class ReviewView(AuthorView):
    """The review. Every press is a form of its own; a script only keeps the page where it is."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        worksheet = self.own_worksheet(number)
        paper = reviewing.paper_of(worksheet)
        if paper is None:
            return self.go("edit", number=worksheet.pk)
        return self._page(request, worksheet, paper)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        """Do what was pressed, open a menu, or take the last step back."""
        worksheet = self.own_worksheet(number)
        paper = reviewing.paper_of(worksheet)
        if paper is None:
            return self.go("edit", number=worksheet.pk)
        posted = request.POST
        if "menu" in posted:
            return self._page(request, worksheet, paper, menu=posted["menu"])
        is_sure = "sure" in posted or not reviewing.is_changed(worksheet, paper)
        if "again" in posted and not is_sure:
            return self._page(request, worksheet, paper, asks=True)
        try:
            worksheet, said = self._do(request, worksheet, paper)
        except ChangedElsewhere:
            said = _(
                "This worksheet was changed in another window. Nothing was overwritten. This is"
                " how it is now: press again what is still to be done."
            )
            return self._page(
                request, self.own_worksheet(number), paper, 409, said=said, is_bad=True
            )
        except NothingToUndo:
            said = _("There is nothing to undo.")
            return self._page(request, worksheet, paper, 409, said=said, is_bad=True)
        except CannotEdit:
            said = _(
                "That cannot be done here. Nothing was changed. In the editor you can change the"
                " text itself."
            )
            return self._page(request, worksheet, paper, 422, said=said, is_bad=True)
        except TooLong as error:
            said = too_long_as_worksheet(error)
            return self._page(request, worksheet, paper, 422, said=said, is_bad=True)
        except BadPress:
            return HttpResponse(status=400)
        if "fragment" in posted:
            return self._page(request, worksheet, paper, said=said)
        return self.go("review", number=worksheet.pk)

    def _do(
        self, request: HttpRequest, worksheet: Worksheet, paper: Paper
    ) -> tuple[Worksheet, str]:
        """Return the worksheet as it is after what was pressed, and what is said of it."""
        seen = request.POST.get("seen", "")
        if "undo" in request.POST:
            number = whole_number(request.POST["undo"], MAX_DIGITS) or 0
            step = reviewing.undo(worksheet, seen=seen, number=number)
            worksheet = self.worksheet(worksheet.pk)
            return worksheet, _("Undone: %(step)s.") % {"step": label_of(step.action)}
        if "again" in request.POST:
            worksheet = reviewing.start_again(worksheet, seen=seen)
            return worksheet, said_of(reviewing.AGAIN, 0, parse_sheet(worksheet.source))
        press = read_press(request.POST)
        if authoring.digest_of(worksheet.source) != seen:
            raise ChangedElsewhere
        if press.action == "yes":
            worksheet = reviewing.answer_check(worksheet, *press.numbers[:2], seen=seen)
        else:
            source = press.applied(worksheet.source, paper.text)
            if source == worksheet.source:
                raise CannotEdit
            worksheet = reviewing.take_step(
                worksheet, source, seen=seen, action=press.action, number=press.shown_number
            )
        return worksheet, _said(press, worksheet)

    def _page(
        self,
        request: HttpRequest,
        worksheet: Worksheet,
        paper: Paper,
        status: int = 200,
        *,
        said: str = "",
        is_bad: bool = False,
        menu: str = "",
        asks: bool = False,
    ) -> HttpResponse:
        source = worksheet.source
        sheet = read_sheet(source)
        is_too_large = sheet.is_too_large or any(p.code == TOO_LONG for p in sheet.errors)
        step = reviewing.last_step(worksheet)
        blocks = placed_blocks(sheet, source)
        checks = _checks(worksheet, sheet, blocks, self._missing_pictures(worksheet, sheet))
        repairs = _repairs(worksheet, sheet)
        side = Side() if is_too_large else paper_side(paper.text, source, sheet)
        asked = request.POST if "view" in request.POST else request.GET
        view = LINES if asked.get("view") == LINES else ""
        if not said and step and not menu:
            said = said_of(step.action, step.number, sheet)
        context: dict[str, Any] = {
            "worksheet": worksheet,
            "paper": paper,
            "seen": authoring.digest_of(source),
            "contents": " · ".join(contents(sheet)),
            "is_too_large": is_too_large,
            "side": side,
            "pages": self._pages(worksheet, paper, side) if view != LINES else [],
            "has_pages": bool(paper.places) and not is_too_large,
            "view": view,
            "checks": checks,
            "checks_done": sum(authoring.DONE in row[2:] for row in worksheet.cautions),
            "repairs": repairs,
            "said": said,
            "is_bad": is_bad,
            "undo": label_of(step.action) if step else "",
            "undo_number": step.pk if step else 0,
            "editions": worksheet.editions.count(),
            "asks": asks,
            "menus": [menu_of(kind, "PLACE") for kind in KINDS_OF_MENU],
            "open_menu": _menu(menu),
            "has_file": reviewing.has_file(paper),
            "next_url": self.url("keys", number=worksheet.pk),
        }
        if not is_too_large:
            context["document"] = self._document(worksheet, sheet, blocks, context)
        is_fragment = "fragment" in request.POST
        template = "review_parts.html" if is_fragment else "review.html"
        return self.page(request, f"worksheets/authoring/{template}", context, status)

    def _pages(self, worksheet: Worksheet, paper: Paper, side: Side) -> list[ShownPage]:
        """Return the pictures of the paper's pages with their tints, if there are any."""
        if not paper.places or not side.lines:
            return []
        pages = [
            ShownPage(row, self.url("paper-page", number=worksheet.pk, page=row.number))
            for row in paper.pages.defer("content")
        ]
        mark_pages(pages, side.lines, paper.places)
        return pages

    def _document(
        self,
        worksheet: Worksheet,
        sheet: Sheet,
        blocks: list[PlacedBlock],
        context: dict[str, Any],
    ) -> str:
        """Return the sheet, with the button of each block beside it and its questions below it."""
        by_block: dict[int, list[Check]] = {}
        for check in context["checks"]:
            by_block.setdefault(check.block, []).append(check)
        repaired = {block for _message, block in context["repairs"]}
        shared = {
            "token": self.visit.token,
            "worksheet": worksheet,
            "seen": context["seen"],
            "total": context["checks_done"] + len(context["checks"]),
            "marks_to_give": range(1, MAX_MARKS_TO_GIVE + 1),
            "usual": USUAL_MARKS,
        }
        counts = {"bank": 0, "box": 0}

        def around(index: int, html: str) -> str:
            kind = blocks[index].kind
            if kind in counts:
                counts[kind] += 1
            marks = " is-repaired" if index in repaired else ""
            block = render_block(index, blocks[index], html, counts.get(kind, 0), marks)
            if index not in by_block:
                return block
            values = {**shared, "index": index, "checks": by_block[index]}
            return block + render_to_string("worksheets/authoring/review_check.html", values)

        widgets = Reviewing(sheet, worksheet.source, self.pictures(worksheet.pk)).widgets
        is_small = len(blocks) <= MAX_BLOCKS
        return render_sheet(sheet, widgets, below=2, around=around if is_small else None)

    def _missing_pictures(self, worksheet: Worksheet, sheet: Sheet) -> set[str]:
        if not sheet.pictures:
            return set()
        return set(sheet.pictures) - set(worksheet.pictures.values_list("name", flat=True))


class PaperPageView(AuthorView):
    """The picture of a page of a paper: only to its author, whose browser may keep it."""

    is_picture = True

    def get(self, request: HttpRequest, number: int, page: int) -> HttpResponse:  # noqa: ARG002
        rows = PaperPage.objects.filter(paper__worksheet=self.own_worksheet(number))
        found = rows.filter(number=min(page, MAX_PAGE)).first()
        if found is None:
            raise Http404
        response = HttpResponse(bytes(found.content), content_type="image/jpeg")
        response["X-Content-Type-Options"] = "nosniff"
        return response

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Return the picture for the browser to keep, which no other page below the token is."""
        response = super().dispatch(request, *args, **kwargs)
        if response.status_code == 200:
            response["Cache-Control"] = f"private, max-age={MAX_AGE}"
            del response["Expires"]
        return response


class PaperFileView(AuthorView):
    """The file of a paper, as it was uploaded: only to its author, only to be saved."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:  # noqa: ARG002
        paper = Paper.objects.filter(worksheet=self.own_worksheet(number)).first()
        if paper is None or paper.content is None:
            raise Http404
        response = HttpResponse(bytes(paper.content), content_type="application/octet-stream")
        disposition = content_disposition_header(as_attachment=True, filename=paper.name or "paper")
        response["Content-Disposition"] = disposition or "attachment"
        response["X-Content-Type-Options"] = "nosniff"
        return response


def _said(press: Press, worksheet: Worksheet) -> str:
    return said_of(press.action, press.shown_number, parse_sheet(worksheet.source))


def _menu(value: str) -> Menu | None:
    """Return the menu that a button names by its kind and its place; None for no menu."""
    kind, _dash, place = value.partition("-")
    is_place = place.isascii() and place.replace("-", "").isdecimal() and len(place) < 40
    return menu_of(kind, place) if kind in KINDS_OF_MENU and is_place else None


def _checks(
    worksheet: Worksheet, sheet: Sheet, blocks: list[PlacedBlock], missing: set[str]
) -> list[Check]:
    """Return what is asked about the import, in the order of the sheet, each with its number."""
    found: list[Check] = []
    for index, (line, message, *state) in enumerate(worksheet.cautions[:MAX_CHECKS]):
        if {authoring.DONE, authoring.REPAIR} & {*state} or not sheet.blocks:
            continue
        block = _block_of(sheet, line)
        node = sheet.blocks[block]
        kind, text = "guess", message
        if isinstance(node, BankBlock):
            count = len(sheet.banks[node.index].words)
            kind = "bank"
            text = _("Word bank: %(n)d words or phrases. Split correctly?") % {"n": count}
        if authoring.PICTURE in state:
            kind = "missing"
        answer = f"yes:{index}-{line}"
        plain = _plain(blocks[block]) if authoring.CHOICE in state else ""
        found.append(Check(kind, text, block, answer, blocks[block].menu, plain, line=line))
    found += _picture_checks(sheet, missing)
    if without := sheet.without_marks:
        blocks_of = [i for i, placed in enumerate(blocks) if placed.kind == "box"]
        text = ngettext(
            "%(n)d answer box has no marks yet.",
            "%(n)d answer boxes have no marks yet.",
            len(without),
        ) % {"n": len(without)}
        found.append(Check("marks", text, blocks_of[0] if blocks_of else 0))
    found.sort(key=lambda check: check.block)
    done = sum(authoring.DONE in row[2:] for row in worksheet.cautions)
    return [replace(check, number=done + at, is_first=at == 1) for at, check in enumerate(found, 1)]


def _plain(block: PlacedBlock) -> str:
    """Return the button that makes plain text of a question, '' for a block that is none."""
    return f"no-question:{block.extent.start}-{block.extent.end}" if block.kind == "box" else ""


def _picture_checks(sheet: Sheet, missing: set[str]) -> Iterator[Check]:
    """Yield what is asked about pictures: their files, and what they show."""
    asked = 0
    for block, node in enumerate(sheet.blocks):
        if not isinstance(node, PictureBlock) or asked == MAX_CHECKS:
            continue
        line = sheet.lines[block]
        if node.source in missing:
            text = _("The picture %(name)s could not be taken over, or was not uploaded.")
            values = {"name": node.source}
            yield Check("no-file", text % values, block, line=line, name=node.source)
        elif not node.alternative:
            text = _("What does this picture show? Say it for those who cannot see it.")
            yield Check("words", text, block, f"describe:{line}", line=line)
        else:
            continue
        asked += 1


def _repairs(worksheet: Worksheet, sheet: Sheet) -> list[tuple[str, int]]:
    """Return what was mended on the way and changes no task, with the block where it stands."""
    return [
        (message, _block_of(sheet, line))
        for line, message, *state in worksheet.cautions[:MAX_CHECKS]
        if authoring.REPAIR in state and sheet.blocks
    ]


def _block_of(sheet: Sheet, line: int) -> int:
    """Return the index of the last block that begins on a line or above it, or the first."""
    return max(bisect_right(sheet.lines, line) - 1, 0)
