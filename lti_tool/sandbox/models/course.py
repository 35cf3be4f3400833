"""People, courses, enrolments, and the activities that open the tool."""

from __future__ import annotations

from django.db import models

from lti_tool.sandbox.models.platform import Flavour, ToolClient


class Role(models.TextChoices):
    PUPIL = "pupil", "pupil"
    TEACHER = "teacher", "teacher"
    ASSISTANT = "assistant", "non-editing teacher"
    DESIGNER = "designer", "designer"
    TEST_STUDENT = "test", "test student"
    # Nobody is enrolled as this: see `Course.enrolment_of`.
    ACCOUNT_ADMINISTRATOR = "admin", "administrator of the account"


class Person(models.Model):
    """An account. Its primary key, as text, is the `sub` that the tool sees."""

    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100)
    username = models.CharField(max_length=100, unique=True)
    is_staff = models.BooleanField(default=False, help_text="Works at the school.")
    is_administrator = models.BooleanField(default=False, help_text="May register tools.")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"


class Course(models.Model):
    label = models.CharField(max_length=50)
    title = models.CharField(max_length=200)
    flavour = models.CharField(max_length=10, choices=Flavour.choices, default=Flavour.MOODLE)
    members = models.ManyToManyField(Person, through="Enrolment")
    history: models.JSONField[list[int], list[int]] = models.JSONField(
        default=list, help_text="The courses that this one was copied from, nearest first."
    )
    shares_dates = models.BooleanField(
        default=False, help_text="Tools get the dates of its activities."
    )
    is_concluded = models.BooleanField(
        default=False, help_text="In Canvas: it is over, and takes no grades from tools."
    )
    links_are_graded = models.BooleanField(
        default=False,
        help_text="In Canvas: a link with a line item, chosen for a module, becomes an assignment.",
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(flavour__in=Flavour.values),
                name="sandbox_course_flavour_is_known",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def enrolment_of(self, person: Person) -> Enrolment | None:
        """Return a person's enrolment, None without one.

        As in Canvas, an administrator of the account enters each course without being enrolled;
        then the enrolment is not saved.
        """
        members = Enrolment.objects.select_related("person")
        enrolment = members.filter(course=self, person=person).first()
        if enrolment is None and self.flavour == Flavour.CANVAS and person.is_administrator:
            return Enrolment(course=self, person=person, role=Role.ACCOUNT_ADMINISTRATOR)
        return enrolment


class Enrolment(models.Model):
    course = models.ForeignKey(Course, models.CASCADE)
    person = models.ForeignKey(Person, models.CASCADE)
    role = models.CharField(max_length=20, choices=Role.choices)

    class Meta:
        ordering = ["course_id", "person_id"]
        constraints = [
            models.UniqueConstraint(fields=["course", "person"], name="sandbox_enrolled_once"),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="sandbox_role_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.course} as {self.role}"

    @property
    def teaches(self) -> bool:
        """Return whether the tool gets the role Instructor; as in Moodle, assistants do."""
        return self.role in {Role.TEACHER, Role.ASSISTANT}


class Activity(models.Model):
    """A resource link: an item of a course that opens the tool."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="activities")
    tool = models.ForeignKey(ToolClient, models.CASCADE)
    title = models.CharField(max_length=255)
    description = models.TextField(blank=True)
    url = models.CharField(
        max_length=2000,
        blank=True,
        help_text="The activity's own target_link_uri; '' for the tool's.",
    )
    custom: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(
        default=dict, blank=True
    )
    history: models.JSONField[list[int], list[int]] = models.JSONField(
        default=list, help_text="The links that this one was copied from, nearest first."
    )
    opens_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    is_published = models.BooleanField(default=True)
    allowed_attempts = models.PositiveIntegerField(
        null=True, blank=True, help_text="In Canvas: how many submissions of a pupil it takes."
    )

    class Meta:
        ordering = ["course_id", "pk"]
        verbose_name_plural = "activities"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(opens_at__lt=models.F("due_at")),
                name="sandbox_opens_before_it_is_due",
                violation_error_message="It has to open before it is due.",
            ),
            models.CheckConstraint(
                condition=models.Q(due_at__lte=models.F("closes_at")),
                name="sandbox_due_before_it_closes",
                violation_error_message="It cannot be due after it closes.",
            ),
            models.CheckConstraint(
                condition=models.Q(opens_at__lt=models.F("closes_at")),
                name="sandbox_opens_before_it_closes",
                violation_error_message="It has to open before it closes.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def target_link_uri(self) -> str:
        return self.url or self.tool.target_link_uri
