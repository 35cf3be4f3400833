"""Courses, links, people and gradebook columns, as launches and rosters tell of them.

Every row belongs to one registration; nothing is ever looked up across registrations.
"""

from __future__ import annotations

import functools
import unicodedata
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo, available_timezones

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from lti_tool.models.platform import Deployment, Registration
from lti_tool.protocol.roles import CourseRoles, course_roles


class Context(models.Model):
    """A course (LTI Core 1.3 section 5.4.1).

    A platform need not name the course. Then the resource link stands for one, and
    ``is_link_only`` keeps the two kinds of id apart.
    """

    deployment = models.ForeignKey(Deployment, on_delete=models.CASCADE, related_name="contexts")
    lti_id = models.CharField(max_length=255)
    is_link_only = models.BooleanField(default=False)
    label = models.CharField(max_length=500, blank=True)
    title = models.CharField(max_length=500, blank=True)
    # The courses that this one was copied from, nearest first ($Context.id.history).
    history = models.JSONField(default=list, blank=True)
    # Names and Roles (LTI-NRPS 2.0); '' where the platform offers none.
    roster_url = models.URLField(max_length=2000, blank=True)
    roster_etag = models.CharField(max_length=300, blank=True)
    roster_tried_at = models.DateTimeField(null=True, blank=True)
    roster_read_at = models.DateTimeField(null=True, blank=True)
    roster_problem = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["deployment", "lti_id", "is_link_only"], name="one_context_an_id"
            )
        ]

    def __str__(self) -> str:
        return self.title or self.label or self.lti_id


class ResourceLink(models.Model):
    """The place in a course that opens the tool (LTI Core 1.3 section 5.3.5)."""

    context = models.ForeignKey(Context, on_delete=models.CASCADE, related_name="links")
    # The deployment again, because that is within which a link's id is unique.
    deployment = models.ForeignKey(Deployment, on_delete=models.CASCADE, related_name="links")
    lti_id = models.CharField(max_length=255)
    title = models.CharField(max_length=500, blank=True)
    # The links that this one was copied from, nearest first ($ResourceLink.id.history).
    history = models.JSONField(default=list, blank=True)
    # The key that our deep linking response put into the link's custom values. Copies of the
    # link keep it.
    resource_key = models.CharField(max_length=255, blank=True)
    # Canvas's id of the assignment that opens this link ($Canvas.assignment.id), '' for no
    # assignment. By it a submission finds its link where the address names none.
    lms_assignment = models.CharField(max_length=255, blank=True, db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["deployment", "lti_id"], name="one_link_an_id")
        ]

    def __str__(self) -> str:
        return self.title or self.lti_id


def zone_named(name: str) -> tzinfo | None:
    """Return the time zone of this name, None if there is none."""
    return ZoneInfo(name) if name in _zones() else None


@functools.cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


class User(models.Model):
    """A person of one platform; the same person on another platform is another row."""

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="users")
    sub = models.CharField(max_length=255)
    name = models.CharField(max_length=500, blank=True)
    given_name = models.CharField(max_length=500, blank=True)
    family_name = models.CharField(max_length=500, blank=True)
    # As the person's browser told it, for the times on their pages; '' until it has.
    time_zone = models.CharField(max_length=64, blank=True, db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["registration", "sub"], name="one_user_a_sub")
        ]
        # Django's own users, who sign in at the admin, are listed beside these.
        verbose_name, verbose_name_plural = "person", "people"

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """Return the person's name, or 'Pupil 7' if the platform sends none."""
        full = f"{self.given_name} {self.family_name}".strip()
        return self.name or full or _("Pupil %(number)s") % {"number": self.pk}

    @property
    def zone(self) -> tzinfo:
        """Return the person's time zone, the server's if it is not known."""
        return zone_named(self.time_zone) or timezone.get_default_timezone()

    @property
    def sort_name(self) -> str:
        """Return a key that sorts by family name, as class registers do, and ignores accents."""
        name = f"{self.family_name or self.display_name} {self.given_name}".casefold()
        letters = unicodedata.normalize("NFKD", name)
        return "".join(letter for letter in letters if not unicodedata.combining(letter))


class Membership(models.Model):
    """A person's roles in a course, as of the last launch or a later roster that changed them."""

    class Status(models.TextChoices):
        """The status of a membership.

        ACTIVE and INACTIVE are as the roster says (LTI-NRPS 2.0 section 2.2); GONE means that
        the person is no longer in the course.
        """

        ACTIVE = "active"
        INACTIVE = "inactive"
        GONE = "gone"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    context = models.ForeignKey(Context, on_delete=models.CASCADE, related_name="memberships")
    roles = models.JSONField(default=list)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.ACTIVE)
    # Of a launch that changed something, or when the roster was asked for that did.
    updated_at = models.DateTimeField(default=timezone.now)
    # SHA-256 of the roster's address that listed the person last; '' if none has, or none since a
    # launch brought back somebody who was gone. Only a roster that has listed them can tell by
    # leaving them out that they were removed: an administrator or another section is in none.
    listed_by = models.CharField(max_length=64, blank=True, default="", db_default="")
    # The roles of the last roster that listed the person, NULL if none has. A launch tells roles
    # better; a roster that names others than the roster before tells that they have changed.
    listed_roles = models.JSONField(null=True, blank=True, default=None)
    # Groups and sections of the course in which the person is, as the LMS told last: of each its
    # "id", and its "name", '' where the LMS tells none (``lti_tool.protocol.groups``).
    groups = models.JSONField(default=list, blank=True, db_default=[])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "context"], name="one_membership_a_course")
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.context}"

    @property
    def course_roles(self) -> CourseRoles:
        """Return the roles in the course, as read from the role names that the platform sent."""
        return course_roles(self.roles)

    def was_ended_after(self, moment: datetime) -> bool:
        """Return whether a roster asked for after that moment says that it is over."""
        is_over = self.status != self.Status.ACTIVE and bool(self.listed_by)
        return is_over and self.updated_at > moment


class GradeChoice(models.TextChoices):
    """The decisions of a teacher where the LMS holds another grade than ours."""

    REPLACE = "replace"
    KEEP = "keep"


class LineItem(models.Model):
    """A column of the gradebook for a link (LTI-AGS 2.0 section 3.2).

    A link has one of its own, which launches tell, and may have others beside it, which this tool
    makes: each has another ``tag``, and a label. ``url`` is '' until the platform or we have made
    the column at ``container_url``.
    """

    class Creation(models.TextChoices):
        """The state of a creation whose column has no address yet.

        ASKED: the platform was asked for it, and may have made it. MADE: it said that it has.
        """

        NONE = ""
        ASKED = "asked"
        MADE = "made"

    link = models.ForeignKey(ResourceLink, on_delete=models.CASCADE, related_name="line_items")
    tag = models.CharField(max_length=40, blank=True, default="", db_default="")
    label = models.CharField(max_length=500, blank=True, default="", db_default="")
    url = models.URLField(max_length=2000, blank=True)
    container_url = models.URLField(max_length=2000, blank=True)
    scopes = models.JSONField(default=list)
    # The maximum of a column that we make; a column of the platform's keeps its own.
    maximum = models.DecimalField(max_digits=12, decimal_places=4, default=100)
    reconciled_at = models.DateTimeField(null=True, blank=True)
    # The deliverer that makes the column, and until when no other may: it is made once.
    made_by = models.CharField(max_length=64, blank=True)
    made_until = models.DateTimeField(null=True, blank=True)
    creation = models.CharField(
        max_length=8, choices=Creation.choices, blank=True, default="", db_default=""
    )
    # When this tool first knew of the column; NULL in rows that are older than this field. A grade
    # from before then was not given because of what pupils did here: Moodle restores a course with
    # the grades of the original and their dates.
    known_at = models.DateTimeField(null=True, blank=True, default=timezone.now)
    # What a teacher has decided about all grades from before ``known_at``; '' to be asked.
    earlier_grades = models.CharField(
        max_length=8, choices=GradeChoice.choices, blank=True, default="", db_default=""
    )
    # When the database was restored from a backup that had the column: the LMS may have scores of
    # ours that are newer (``Delivery.is_in_doubt``).
    restored_at = models.DateTimeField(null=True, blank=True)
    # When the platform made no column, or did not say where it is; NULL once a launch or a person
    # gives a reason to ask again.
    refused_at = models.DateTimeField(null=True, blank=True)
    # The maximum of the platform's column, as it told last; NULL before it has.
    lms_maximum = models.DecimalField(max_digits=14, decimal_places=5, null=True, blank=True)
    # The maximum that a change of the worksheet replaces by ``maximum``, when the platform was
    # asked for that, and when it was done. With the first alone, the next score that goes there
    # sees to it before.
    former_maximum = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    maximum_asked_at = models.DateTimeField(null=True, blank=True)
    maximum_set_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["link", "tag"], name="one_line_item_a_link_and_tag")
        ]

    def __str__(self) -> str:
        return f"column of {self.link}"
