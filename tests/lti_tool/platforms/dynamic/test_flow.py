"""Whose registration a platform's is, and that only we write the form's offer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lti_tool.models import Registration
from lti_tool.platforms.dynamic.configuration import PlatformConfiguration
from lti_tool.platforms.dynamic.errors import RegistrationError, RegistrationProblem
from lti_tool.platforms.dynamic.flow import (
    Offer,
    existing_registrations,
    read_signed_offer,
    sign_offer,
)
from tests.cast import make_registration

CANVAS, SSO = "https://canvas.instructure.com", "https://sso.canvaslms.com"
HILL = PlatformConfiguration(
    address=f"{CANVAS}/api/lti/security/openid-configuration",
    issuer=CANVAS,
    authorization_endpoint=f"{SSO}/api/lti/authorize_redirect",
    token_endpoint=f"{SSO}/login/oauth2/token",
    jwks_uri=f"{SSO}/api/lti/security/jwks",
    registration_endpoint="https://hill.instructure.com/api/lti/registrations",
    product="canvas",
    messages={"LtiDeepLinkingRequest": ("editor_button",)},
)


def test_an_offer_comes_back_as_it_was() -> None:
    offer = Offer(HILL, "token", 7)
    assert read_signed_offer(sign_offer(offer)) == offer


def test_nobody_else_writes_one() -> None:
    sealed = sign_offer(Offer(HILL, "token", 7))
    for broken in (sealed[:-1], "x" + sealed, sealed.rpartition(":")[0]):
        with pytest.raises(RegistrationError) as refused:
            read_signed_offer(broken)
        assert refused.value.problem == RegistrationProblem.EXPIRED


@pytest.mark.django_db
def test_schools_of_one_cloud_are_not_one_platform() -> None:
    hill, dale = make_registration("1", CANVAS), make_registration("2", CANVAS)
    Registration.objects.filter(pk=hill.pk).update(frame_ancestors=["https://hill.instructure.com"])
    Registration.objects.filter(pk=dale.pk).update(frame_ancestors=["https://dale.instructure.com"])
    assert existing_registrations(Offer(HILL, "", 7)) == [hill]
    assert existing_registrations(Offer(HILL, "", None)) == []
    other = "https://canvas.elsewhere.example/api/lti/registrations"
    assert existing_registrations(Offer(replace(HILL, registration_endpoint=other), "", 7)) == []


@pytest.mark.django_db
def test_elsewhere_the_issuer_is_the_platform() -> None:
    moodle = make_registration("1", "https://moodle.example")
    make_registration("2", "https://other.example")
    platform = replace(HILL, issuer="https://moodle.example", product="moodle")
    assert existing_registrations(Offer(platform, "", 7)) == [moodle]
