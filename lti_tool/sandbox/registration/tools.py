"""The registration of a tool: its row, and the registration response."""

import secrets

from django.db import transaction

from lti_tool.sandbox.models import Flavour, RegistrationOffer, ToolClient
from lti_tool.sandbox.registration import members, offers
from lti_tool.sandbox.registration.members import BadRegistrationError
from lti_tool.sandbox.registration.tool_configuration import TOOL_CONFIGURATION, ToolConfiguration
from lti_tool.sandbox.services.json_body import JsonObject


@transaction.atomic
def register(offer: RegistrationOffer, asked: ToolConfiguration) -> ToolClient:
    """Return the registered tool, which still has to be activated.

    As Moodle does, its flavour updates the tool that it has of the same domain. Raise
    BadRegistrationError if the token was used in the meantime.
    """
    tool = _known(offer, asked) or ToolClient(flavour=offer.flavour, is_active=False)
    tool.client_id = tool.client_id or secrets.token_urlsafe(12)
    tool.name = asked.name
    tool.login_url = asked.login_url
    tool.target_link_uri = asked.target_link_uri
    tool.redirect_uris = asked.redirect_uris
    tool.jwks_url = asked.jwks_url
    tool.scopes = [scope for scope in asked.scopes if scope not in offer.withheld]
    tool.shares_names = asked.shares_names
    picks = asked.deep_linking
    tool.deep_linking_url = picks.target_link_uri if picks else ""
    tool.placements = asked.placements
    tool.custom = _custom(asked)
    tool.keys, tool.keys_fetched_at = [], None
    tool.save()
    _deploy(tool)
    if not offers.take(offer, tool):
        raise BadRegistrationError("this registration token was used before", "invalid_token")
    return tool


def _known(offer: RegistrationOffer, asked: ToolConfiguration) -> ToolClient | None:
    """Return a tool of the same domain that registered itself; Canvas always makes a new one."""
    if offer.flavour == Flavour.CANVAS:
        return None
    domain = members.host(asked.target_link_uri)
    registered = ToolClient.objects.filter(flavour=offer.flavour, registrationoffer__isnull=False)
    for tool in registered.distinct():
        if members.host(tool.target_link_uri) == domain:
            return tool
    return None


def _custom(asked: ToolConfiguration) -> dict[str, str]:
    merged = dict(asked.custom)
    for message in asked.messages:
        merged |= message.custom
    return merged


def _deploy(tool: ToolClient) -> None:
    """Set the tool's only deployment id, which contains the tool's primary key."""
    canvas = tool.flavour == Flavour.CANVAS
    tool.deployment_id = f"{tool.pk}:{secrets.token_hex(20)}" if canvas else str(tool.pk)
    tool.save(update_fields=["deployment_id"])


def answer(tool: ToolClient, posted: JsonObject) -> JsonObject:
    """Return the response: the request as it was registered.

    Canvas's has no deployment id.
    """
    own = posted[TOOL_CONFIGURATION]
    configuration = dict(own) if isinstance(own, dict) else {}
    if tool.flavour != Flavour.CANVAS:
        configuration["deployment_id"] = tool.deployment_id
    return {
        **posted,
        "client_id": tool.client_id,
        "scope": " ".join(tool.scopes),
        TOOL_CONFIGURATION: configuration,
    }
