"""Forms of the operator's pages: a platform entered by hand, and an invitation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import DELETION_FIELD_NAME
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext_lazy as _

from lti_tool.models import Deployment, Invitation, NewDeployments, Registration
from lti_tool.platforms.invitations import DAYS, MAX_DAYS
from lti_tool.platforms.registrations import PlatformDetails, RegistrationInvalid, check
from lti_tool.protocol.values import ID_LENGTH
from lti_tool.services.addresses import origin_of


class _FramedForm(forms.ModelForm[Registration]):
    """A form with the origins on whose pages people see the tool."""

    def clean_frame_ancestors(self) -> list[str]:
        """Return the origins, which go into a header. Raise ValidationError unless each is one."""
        origins = self.cleaned_data["frame_ancestors"] or []
        if not isinstance(origins, list) or not all(
            isinstance(origin, str) and origin and origin_of(origin) == origin for origin in origins
        ):
            raise ValidationError(
                _('Enter a list of origins, for example ["https://lms.example.org"].')
            )
        return origins


class PlatformForm(_FramedForm):
    """A form for what ``manage.py add_platform`` asks for, checked by the same function."""

    auth_login_url = forms.CharField(label=_("Authentication request URL"))
    auth_token_url = forms.CharField(label=_("Access token URL"))
    jwks_url = forms.CharField(label=_("Public keyset URL"))
    deployment_id = forms.CharField(
        max_length=ID_LENGTH,
        required=False,
        help_text=_("Leave blank if new deployments are accepted or wait for approval."),
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
        """Return the entered values for ``register``."""
        entered = {**self.cleaned_data}
        entered["new_deployments"] = NewDeployments(entered["new_deployments"])
        return PlatformDetails(**entered)

    def clean(self) -> dict[str, Any]:
        """Check the values as strictly as the command does.

        An issuer and client id that are registered already update that registration.
        """
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        try:
            check(self.details)
        except RegistrationInvalid as error:
            raise ValidationError(str(error)) from error
        key = {"issuer": cleaned["issuer"], "client_id": cleaned["client_id"]}
        self.instance = Registration.objects.filter(**key).first() or self.instance
        self.instance.name = cleaned["name"]
        return cleaned

    def _post_clean(self) -> None:
        """Skip the model's validation, which refuses hosts that the command accepts."""


class RegistrationForm(_FramedForm):
    """A form for the fields of a registered platform that may be changed."""

    class Meta:
        model = Registration
        fields = [
            "name",
            "is_active",
            "auth_audience",
            "frame_ancestors",
            "new_deployments",
            "takes_institution_roles",
        ]


class DeploymentFormSet(BaseInlineFormSet[Deployment, Registration, Any]):
    """The deployments of a platform; one with launches can be switched off, but not deleted.

    Deleting it would delete its courses and everybody's work in them as well.
    """

    def add_fields(self, form: Any, index: int | None) -> None:
        """Disable the box that deletes a deployment which has courses."""
        super().add_fields(form, index)
        checkbox = form.fields.get(DELETION_FIELD_NAME)
        if checkbox is not None and form.instance.pk:
            checkbox.disabled = form.instance.contexts.exists()


class InvitationForm(forms.ModelForm[Invitation]):
    """A form for a new invitation; its link is made when it is saved."""

    days = forms.IntegerField(
        label=_("Valid for (days)"), initial=DAYS, min_value=1, max_value=MAX_DAYS
    )

    class Meta:
        model = Invitation
        fields = ["note", "new_deployments"]
