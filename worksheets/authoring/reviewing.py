"""The steps in which a teacher reviews an import: each can be taken back, in any window."""

from __future__ import annotations

from django.db import transaction
from django.db.models.functions import Length

from worksheets.authoring.worksheets import (
    DONE,
    REPAIR,
    AuthoringError,
    Cautions,
    ChangedElsewhere,
    digest_of,
    save,
)
from worksheets.models import Paper, ReviewStep, Worksheet

MAX_STEPS = 50  # that are kept of a worksheet, and the characters of their texts
MAX_CHARACTERS = 1_000_000
AGAIN = "again"


class NothingToUndo(AuthoringError):
    """The error for a text that is not the one that the last step has left."""


def paper_of(worksheet: Worksheet) -> Paper | None:
    """Return the paper that the worksheet was read from, without its file."""
    return Paper.objects.filter(worksheet=worksheet).defer("content").first()


def has_file(paper: Paper) -> bool:
    """Return whether the file was kept, too."""
    return Paper.objects.filter(pk=paper.pk, content__isnull=False).exists()


def last_step(worksheet: Worksheet) -> ReviewStep | None:
    """Return the step that can be undone: the last one, if nothing was written since."""
    step = worksheet.review_steps.defer("source").first()
    return step if step and step.after == digest_of(worksheet.source) else None


def take_step(
    worksheet: Worksheet,
    source: str,
    *,
    seen: str,
    action: str,
    number: int = 0,
    cautions: Cautions | None = None,
) -> Worksheet:
    """Keep the text that a press has made, and what was there before.

    ``action`` and ``number`` say in short what was pressed. Raise ChangedElsewhere unless the text
    is the one with the digest ``seen``, TooLong for a text that cannot be kept.
    """
    with transaction.atomic():
        before = _locked(worksheet, seen)
        after = save(before, source, seen=seen, cautions=cautions)
        ReviewStep.objects.create(
            worksheet=before,
            action=action,
            number=number,
            source=before.source,
            cautions=before.cautions,
            after=digest_of(after.source),
        )
        _forget_first_steps(before)
    return after


def answer_check(worksheet: Worksheet, index: int, line: int, *, seen: str) -> Worksheet:
    """Keep that a guess is right. Raise ChangedElsewhere if it is no longer asked."""
    with transaction.atomic():
        worksheet = _locked(worksheet, seen)
        rows = [tuple(row) for row in worksheet.cautions]
        is_asked = 0 <= index < len(rows) and not {DONE, REPAIR} & {*rows[index][2:]}
        if not is_asked or rows[index][0] != line:
            raise ChangedElsewhere
        rows[index] = (*rows[index], DONE)
        return take_step(
            worksheet, worksheet.source, seen=seen, action="yes", number=line, cautions=rows
        )


def undo(worksheet: Worksheet, *, seen: str, number: int) -> ReviewStep:
    """Take the last step back, which has the key ``number``, and return it.

    Raise ChangedElsewhere unless the text is the one with the digest ``seen`` and the step is still
    the last one, NothingToUndo if no step has led to the text.
    """
    with transaction.atomic():
        row = _locked(worksheet, seen)
        step = row.review_steps.first()
        if step is None or step.after != seen:
            raise NothingToUndo
        if step.pk != number:
            raise ChangedElsewhere
        cautions = [tuple(caution) for caution in step.cautions]
        save(row, step.source, seen=seen, cautions=cautions)
        step.delete()
    return step


def start_again(worksheet: Worksheet, *, seen: str) -> Worksheet:
    """Go back to what was made of the paper at first; that is a step, too.

    Raise ChangedElsewhere unless the text is the one with the digest ``seen``, Paper.DoesNotExist
    without a paper.
    """
    paper = Paper.objects.defer("content").get(worksheet=worksheet)
    cautions = [tuple(caution) for caution in paper.cautions]
    return take_step(worksheet, paper.first, seen=seen, action=AGAIN, cautions=cautions)


def is_changed(worksheet: Worksheet, paper: Paper) -> bool:
    """Return whether the text is another than the import has made."""
    return paper.first != worksheet.source


def _locked(worksheet: Worksheet, seen: str) -> Worksheet:
    row = Worksheet.objects.select_for_update(no_key=True).get(pk=worksheet.pk)
    if seen != digest_of(row.source):
        raise ChangedElsewhere
    return row


def _forget_first_steps(worksheet: Worksheet) -> None:
    """Delete the first steps where there are more than can be kept."""
    characters = 0
    sizes = worksheet.review_steps.values_list("pk", Length("source"))
    for count, (pk, size) in enumerate(sizes, 1):
        characters += size
        if count > MAX_STEPS or characters > MAX_CHARACTERS:
            worksheet.review_steps.filter(pk__lte=pk).delete()
            return
