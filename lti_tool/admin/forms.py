"""Forms of the operator's pages: a platform by hand, and an invitation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import DELETION_FIELD_NAME
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext_lazy as _

from lti_tool.models import Deployment, Invitation, NewDeployments, Registration
from lti_tool.platforms.invitations import DAYS, MAX_DAYS
from lti_tool.platforms.registrations import ID_LENGTH, PlatformDetails, RegistrationInvalid, check
from lti_tool.services.addresses import origin_of


class _FramedForm(forms.ModelForm[Registration]):
    """With the origins on whose pages people see the tool."""

    def clean_frame_ancestors(self) -> list[str]:
        """Origins, as they go into a header."""
        origins = self.cleaned_data["frame_ancestors"] or []
        if not isinstance(origins, list) or not all(
            isinstance(origin, str) and origin and origin_of(origin) == origin for origin in origins
        ):
            raise ValidationError(_('A list of origins: ["https://lms.example.org"].'))
        return origins


class PlatformForm(_FramedForm):
    """What ``manage.py add_platform`` asks for, checked by the same function."""

    auth_login_url = forms.CharField(label=_("Authentication request URL"))
    auth_token_url = forms.CharField(label=_("Access token URL"))
    jwks_url = forms.CharField(label=_("Public keyset URL"))
    deployment_id = forms.CharField(
        max_length=ID_LENGTH,
        required=False,
        help_text=_("May be empty where new deployments are remembered or accepted."),
    )

    class Meta:
        model = Registration
        fields = [
            "name",
            "issuer",
            "client_id",
            "auth_login_url",
            "auth_token_url",
            "auth_audience",
            "jwks_url",
            "frame_ancestors",
            "new_deployments",
        ]

    @property
    def details(self) -> PlatformDetails:
        """What was entered."""
        entered = {**self.cleaned_data}
        entered["new_deployments"] = NewDeployments(entered["new_deployments"])
        return PlatformDetails(**entered)

    def clean(self) -> dict[str, Any]:
        """As strict as the command; the same issuer and client is an update, not a double."""
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        try:
            check(self.details)
        except RegistrationInvalid as problem:
            raise ValidationError(str(problem)) from problem
        key = {"issuer": cleaned["issuer"], "client_id": cleaned["client_id"]}
        self.instance = Registration.objects.filter(**key).first() or self.instance
        self.instance.name = cleaned["name"]
        return cleaned

    def _post_clean(self) -> None:
        """The model has no second opinion: it refuses hosts that the command takes."""


class RegistrationForm(_FramedForm):
    """What may be changed of a platform that is registered."""

    class Meta:
        model = Registration
        fields = ["name", "is_active", "auth_audience", "frame_ancestors", "new_deployments"]


class DeploymentFormSet(BaseInlineFormSet[Deployment, Registration, Any]):
    """A deployment from which somebody came is switched off, never deleted: its courses and
    everybody's work in them would go with it, at one tick and unasked."""

    def add_fields(self, form: Any, index: int | None) -> None:
        """The tick for deleting works where nothing is lost."""
        super().add_fields(form, index)
        tick = form.fields.get(DELETION_FIELD_NAME)
        if tick is not None and form.instance.pk:
            tick.disabled = form.instance.contexts.exists()


class InvitationForm(forms.ModelForm[Invitation]):
    """A new invitation; its link is made when it is saved."""

    days = forms.IntegerField(
        label=_("Days that it works"), initial=DAYS, min_value=1, max_value=MAX_DAYS
    )

    class Meta:
        model = Invitation
        fields = ["note", "new_deployments"]
