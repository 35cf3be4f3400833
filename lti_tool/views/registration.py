"""Pages with which an LMS's administrator registers the tool (LTI Dynamic Registration 1.0).

They are shown in the LMS's frame, without a cookie: what a POST needs is in the form, signed
and bound to the invitation, so a forged form cannot use the rights of anybody's browser.
"""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from lti_tool.launches.log import save_refusal
from lti_tool.models import NewDeployments
from lti_tool.platforms.dynamic import flow
from lti_tool.platforms.dynamic.canvas import canvas_configuration
from lti_tool.platforms.dynamic.errors import RegistrationError, RegistrationProblem
from lti_tool.platforms.dynamic.flow import Offer
from lti_tool.platforms.products import UNKNOWN, product_of
from lti_tool.platforms.registrations import NAME_LENGTH
from lti_tool.protocol.values import printable_ascii
from lti_tool.services.addresses import origin_of
from lti_tool.views.framing import may_be_framed_anywhere, may_be_framed_by
from lti_tool.views.refusals import new_reference
from lti_tool.views.registration_words import (
    OTHER_STEPS,
    SERVICES,
    STEPS,
    WORDS,
    Wish,
    placements,
    wishes,
)
from lti_tool.views.requests import answers_head

logger = logging.getLogger(__name__)

# Canvas's address of its configuration has the token in it: 800 characters, and its host's.
MAX_LENGTH = {"openid_configuration": 2000, "registration_token": 4096, "invitation": 100}
ANOTHER = ""


class PlatformForm(forms.Form):
    """A form for the name of the platform, and for an earlier registration that it replaces."""

    name = forms.CharField(
        label=_("Name of this LMS"),
        max_length=NAME_LENGTH,
        help_text=_("The operator of this worksheet tool sees this name."),
    )
    replaces = forms.ChoiceField(
        label=_("This LMS is already registered here"),
        widget=forms.RadioSelect,
        required=False,
        help_text=_(
            "If your LMS updated the tool that it already had, you can choose either: both bring"
            " the registration up to date. If it added a second tool and activities of the first"
            " are still in use, keep the registration: after an update they no longer open. The"
            " second tool then starts without worksheets. If the first tool has been removed from"
            " your LMS, update the registration: its worksheets move to the new tool."
        ),
    )

    def __init__(self, data: object, offer: Offer) -> None:
        self.known = {str(row.pk): row for row in flow.existing_registrations(offer)}
        first = next(iter(self.known.values()), None)
        name = first.name if first else flow.usual_name(offer)
        super().__init__(data, initial={"name": name})  # type: ignore[arg-type]
        if first is None:
            del self.fields["replaces"]
            return
        update = [
            (key, _("Update “%(name)s” (client ID %(id)s)") % {"name": r.name, "id": r.client_id})
            for key, r in self.known.items()
        ]
        field = self.fields["replaces"]
        field.choices = [*update, (ANOTHER, _("Keep it and add another"))]  # type: ignore[attr-defined]
        # A registration in use must not stop working because nobody read the question.
        in_use = flow.are_in_use(self.known.values())
        field.initial = ANOTHER if in_use else str(first.pk)

    def clean_name(self) -> str:
        """Return the name with single spaces. Raise ValidationError if it is not printable.

        It is checked before the platform is asked, because that can be done once only.
        """
        name = " ".join(self.cleaned_data["name"].split())
        if not name.isprintable():
            raise forms.ValidationError(_("Please write the name without invisible characters."))
        return name


@method_decorator([csrf_exempt, never_cache, answers_head], name="dispatch")
class RegisterView(View):
    """The registration page: GET shows who asks and for what, POST registers.

    Where a configuration names hosts that are not known to belong together, both show them first:
    the first POST then vouches for them, and the second registers.
    """

    http_method_names = ["get", "head", "post", "options"]

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Turn a refusal into a page, and let every page speak to the window that opened it."""
        try:
            response = super().dispatch(request, *args, **kwargs)
        except RegistrationError as error:
            response = _refused(request, error)
        # Any other policy would cut the connection to the LMS's window, here and on the next page.
        response["Cross-Origin-Opener-Policy"] = "unsafe-none"
        return response

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show what will be registered. The LMS opens this in its administrator's browser."""
        offer = flow.read_offer(
            address=_parameter(request, "openid_configuration"),
            token=_parameter(request, "registration_token"),
            invitation=_parameter(request, "invitation"),
        )
        return _ask_or_show_hosts(request, offer)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Register the tool at the platform, and show the result."""
        offer = flow.read_signed_offer(request.POST.get("offer", ""))
        if offer.unproven_origins:
            return _ask_or_show_hosts(request, flow.vouch(offer))
        form = PlatformForm(request.POST, offer)
        if not form.is_valid():
            return _ask(request, offer, form, status=400)
        replaced = form.known.get(form.cleaned_data.get("replaces", ANOTHER))
        row, granted = flow.complete(offer, form.cleaned_data["name"], replaced)
        product = product_of(offer.platform.product)
        context = {
            "registration": row,
            "deployment": granted.deployment_id,
            "approval": row.new_deployments == NewDeployments.WAIT,
            **_by_outcome(wishes(offer.platform, granted), placements(offer.platform, granted)),
            "steps": STEPS.get(product, OTHER_STEPS),
            "may_take_institution_roles": product is not UNKNOWN,
        }
        return _framed_by_platform(
            render(request, "lti_tool/registration/done.html", context), offer
        )


def _refused(request: HttpRequest, refusal: RegistrationError) -> HttpResponse:
    """Return the page for a refused registration, and log it under the reference on the page."""
    reference = new_reference()
    logger.warning(
        "registration refused: reference=%s reason=%s detail=%r",
        reference,
        refusal.problem,
        refusal.detail,
    )
    save_refusal(reference, refusal.problem, refusal.detail)
    what, todo = WORDS[refusal.problem]
    context = {"what": what, "todo": todo, "detail": refusal.detail, "reference": reference}
    closed = refusal.problem in {
        RegistrationProblem.CLOSED,
        RegistrationProblem.INVITATION_INVALID,
        RegistrationProblem.KNOWN,
    }
    status = 503 if refusal.problem is RegistrationProblem.BUSY else 403 if closed else 400
    response = render(request, "lti_tool/registration/refused.html", context, status=status)
    return may_be_framed_anywhere(response)


@require_safe
@cache_control(public=True, max_age=300)
def canvas_json(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    """Return the configuration that a Canvas administrator adds by this address."""
    return JsonResponse(canvas_configuration(flow.tool_configuration()))


def _ask_or_show_hosts(request: HttpRequest, offer: Offer) -> HttpResponse:
    """Return the page that asks to register, or before it the one with hosts to vouch for."""
    if not offer.unproven_origins:
        return _ask(request, offer, PlatformForm(None, offer))
    what, _todo = WORDS[RegistrationProblem.DISAGREES]
    platform = offer.platform
    context = {
        "what": what,
        "home": origin_of(platform.address),
        "unproven": offer.unproven_origins,
        "services": [(words, getattr(platform, name)) for name, words in SERVICES.items()],
        "offer": flow.sign_offer(offer),
    }
    page = render(request, "lti_tool/registration/hosts.html", context, status=400)
    return _framed_by_platform(page, offer)


def _ask(request: HttpRequest, offer: Offer, form: PlatformForm, status: int = 200) -> HttpResponse:
    platform = offer.platform
    context = {
        "platform": platform,
        "host": urlsplit(platform.registration_endpoint).netloc,
        **_by_outcome(wishes(platform), placements(platform)),
        "form": form,
        "offer": flow.sign_offer(offer),
    }
    page = render(request, "lti_tool/registration/ask.html", context, status=status)
    return _framed_by_platform(page, offer)


def _by_outcome(wishes: list[Wish], placements: list[Wish]) -> dict[str, list[Wish]]:
    return {
        "given": [wish for wish in wishes if wish.given],
        "placements": [wish for wish in placements if wish.given],
        "lost": [wish for wish in (*wishes, *placements) if not wish.given],
    }


def _framed_by_platform(response: HttpResponse, offer: Offer) -> HttpResponse:
    platform = offer.platform
    return may_be_framed_by(
        response, [platform.address, platform.issuer, platform.registration_endpoint]
    )


def _parameter(request: HttpRequest, name: str) -> str:
    value = request.GET.get(name, "")
    if len(value) > MAX_LENGTH[name] or printable_ascii(value) != value:
        raise RegistrationError(RegistrationProblem.INCOMPLETE, f"{name} is too long or odd")
    return value
