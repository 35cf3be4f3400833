"""Sessions of signed-in people, and the launches begun in them."""

from __future__ import annotations

from django.db import models

from lti_tool.protocol.vocabulary import MessageType
from lti_tool.sandbox.models.course import Activity, Course, Person
from lti_tool.sandbox.models.gradebook import Column, Review
from lti_tool.sandbox.models.platform import ToolClient


class SignIn(models.Model):
    """A browser's session; its cookie carries the key."""

    key = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(Person, models.CASCADE)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.person} since {self.created_at}"


class Selection(models.Model):
    """A deep linking request, which sends a teacher to a tool to choose activities."""

    key = models.CharField(max_length=64, unique=True)
    data = models.CharField(max_length=255)
    sign_in = models.ForeignKey(SignIn, models.CASCADE)
    course = models.ForeignKey(Course, models.CASCADE)
    tool = models.ForeignKey(ToolClient, models.CASCADE)
    multiple = models.BooleanField()
    placement = models.CharField(
        max_length=40, blank=True, help_text="The placement; '' in Moodle."
    )
    name = models.CharField(
        max_length=255, blank=True, help_text="In Canvas, what the teacher called the assignment."
    )
    description = models.TextField(
        blank=True, help_text="In Canvas, what the teacher wrote about the assignment."
    )
    response_nonce = models.CharField(
        max_length=255, blank=True, help_text="The nonce of the response that was accepted."
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["tool", "response_nonce"],
                condition=~models.Q(response_nonce=""),
                name="sandbox_response_nonce_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.tool} in {self.course}"


class Ticket(models.Model):
    """A launch that a `lti_message_hint` names: valid once, deleted with its session.

    It opens an activity, one pupil's submission in it, or a selection of new activities.
    """

    class Target(models.TextChoices):
        IFRAME = "iframe"
        WINDOW = "window"

    launch_id = models.CharField(max_length=64, unique=True)
    sign_in = models.ForeignKey(SignIn, models.CASCADE)
    activity = models.ForeignKey(Activity, models.CASCADE, null=True)
    selection = models.ForeignKey(Selection, models.CASCADE, null=True)
    reviewed_column = models.ForeignKey(Column, models.CASCADE, null=True)
    reviewed_person = models.ForeignKey(Person, models.CASCADE, null=True)
    person = models.ForeignKey(
        Person,
        models.CASCADE,
        null=True,
        related_name="+",
        help_text="The test student, launched instead of the person signed in.",
    )
    submission_url = models.CharField(
        max_length=2000, blank=True, help_text="Opened instead of the activity's own address."
    )
    target = models.CharField(max_length=10, choices=Target.choices)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(target__in=["iframe", "window"]),
                name="sandbox_launch_target_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(activity__isnull=True, selection__isnull=False)
                | models.Q(activity__isnull=False, selection__isnull=True),
                name="sandbox_launch_opens_one_thing",
            ),
            models.CheckConstraint(
                condition=models.Q(reviewed_column__isnull=True, reviewed_person__isnull=True)
                | models.Q(
                    activity__isnull=False,
                    reviewed_column__isnull=False,
                    reviewed_person__isnull=False,
                ),
                name="sandbox_review_is_of_someone_in_a_column",
            ),
        ]

    def __str__(self) -> str:
        return self.launch_id

    @property
    def message(self) -> MessageType:
        if self.selection is not None:
            return MessageType.DEEP_LINKING
        if self.reviewed_column is not None:
            return MessageType.SUBMISSION_REVIEW
        return MessageType.RESOURCE_LINK

    @property
    def opens_submission(self) -> bool:
        """Return whether Canvas launches the address that came with a score."""
        return bool(self.submission_url)

    @property
    def _activity_or_selection(self) -> Activity | Selection:
        opened = self.activity or self.selection
        if opened is None:
            raise ValueError("A ticket opens an activity or a selection.")
        return opened

    @property
    def course(self) -> Course:
        return self._activity_or_selection.course

    @property
    def tool(self) -> ToolClient:
        return self._activity_or_selection.tool

    @property
    def review(self) -> Review:
        """Return the submissionReview of the reviewed column, or an empty one."""
        return (self.reviewed_column and self.reviewed_column.review) or Review()

    @property
    def target_link_uri(self) -> str:
        if self.activity is None:
            return self.tool.deep_linking_url
        return self.submission_url or self.review.get("url") or self.activity.target_link_uri

    @property
    def launched_person(self) -> Person:
        """Return the person who is the user of the launch."""
        return self.person or self.sign_in.person
