"""People, courses, who is what in them, and the activities that open the tool."""

from __future__ import annotations

from django.db import models

from lti_tool.sandbox.models.platform import ToolClient


class Role(models.TextChoices):
    PUPIL = "pupil", "pupil"
    TEACHER = "teacher", "teacher"
    ASSISTANT = "assistant", "non-editing teacher"


class Person(models.Model):
    """An account. Its primary key, as text, is the `sub` that the tool sees."""

    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100)
    username = models.CharField(max_length=100, unique=True)
    is_staff = models.BooleanField(default=False, help_text="Works at the school.")

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
    members = models.ManyToManyField(Person, through="Enrolment")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title


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
        """A non-editing teacher too: the tool sees both as Instructor, as from Moodle."""
        return self.role != Role.PUPIL


class Activity(models.Model):
    """A resource link: the place in a course that opens the tool."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="activities")
    tool = models.ForeignKey(ToolClient, models.CASCADE)
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    custom: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(
        default=dict, blank=True
    )

    class Meta:
        ordering = ["course_id", "pk"]
        verbose_name_plural = "activities"

    def __str__(self) -> str:
        return self.title
