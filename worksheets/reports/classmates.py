"""The classmates whom a pupil can name: found by what the pupil types of a name. Reads only.

Nobody is shown the list of the class: only names of which so much is typed that one knows them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from lti_tool.models import Membership, User
from worksheets.models import Assignment

MIN_LETTERS = 3  # of a name's beginning; a shorter name is found by all of it
MAX_FOUND = 8  # names shown at once
MAX_WORDS = 100  # characters that are read


def find_classmates(assignment: Assignment, user: User, words: str) -> list[User]:
    """Return the pupils of the course now, other than this one, whose name begins like that.

    Each word has to begin a word of the name. At most MAX_FOUND are returned, by family name, and
    nobody for fewer than MIN_LETTERS letters unless that is a whole name. Those whom the LMS sends
    without a name are not found. It takes one SQL statement.
    """
    wanted = _words(words[:MAX_WORDS])
    if not wanted:
        return []
    rows = Membership.objects.filter(
        context=assignment.link.context_id, status=Membership.Status.ACTIVE
    ).exclude(user=user)
    found = [
        row.user
        for row in rows.select_related("user")
        if row.course_roles.is_learner and _matches(row.user, wanted)
    ]
    return sorted(found, key=lambda one: (one.sort_name, one.pk))[:MAX_FOUND]


def _matches(user: User, wanted: list[str]) -> bool:
    known = _words(f"{user.name} {user.given_name} {user.family_name}")
    if sum(map(len, wanted)) < MIN_LETTERS:
        return all(word in known for word in wanted)
    return all(any(name.startswith(word) for name in known) for word in wanted)


def _words(text: str) -> list[str]:
    """Return the words of a name without capitals and accents."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return _plain(letters).split()


def _plain(letters: Iterable[str]) -> str:
    return "".join(
        letter if letter.isalnum() else " "
        for letter in letters
        if not unicodedata.combining(letter) and letter not in "'’"
    )
