"""The registration of a tool: its row, and the registration response."""

import secrets

from django.db import transaction

from lti_tool.sandbox.models import Flavour, RegistrationToken, ToolClient
from lti_tool.sandbox.registration import metadata, registration_tokens
from lti_tool.sandbox.registration.metadata import BadRegistrationError
from lti_tool.sandbox.registration.tool_configuration import TOOL_CONFIGURATION, ToolConfiguration
from lti_tool.sandbox.services.json_body import JsonObject


@transaction.atomic
def register(token: RegistrationToken, configuration: ToolConfiguration) -> ToolClient:
    """Return the registered tool, which still has to be activated.

    As Moodle does, its flavour updates the tool that it has of the same domain. Raise
    BadRegistrationError if the token was used in the meantime.
    """
    tool = _registered_before(token, configuration) or ToolClient(
        client_id=secrets.token_urlsafe(12), flavour=token.flavour, is_active=False
    )
    tool.name = configuration.name
    tool.login_url = configuration.login_url
    tool.target_link_uri = configuration.target_link_uri
    tool.redirect_uris = configuration.redirect_uris
    tool.jwks_url = configuration.jwks_url
    tool.scopes = [scope for scope in configuration.scopes if scope not in token.withheld]
    tool.shares_names = configuration.shares_names
    tool.deep_linking_url = configuration.deep_linking_url
    tool.placements = configuration.placements
    tool.custom = dict(configuration.custom)
    for message in configuration.messages:
        tool.custom |= message.custom
    tool.keys, tool.keys_fetched_at = [], None
    tool.save()
    canvas = tool.flavour == Flavour.CANVAS
    tool.deployment_id = f"{tool.pk}:{secrets.token_hex(20)}" if canvas else str(tool.pk)
    tool.save(update_fields=["deployment_id"])
    if not registration_tokens.redeem(token, tool):
        raise BadRegistrationError("this registration token was used before", "invalid_token")
    return tool


def _registered_before(
    token: RegistrationToken, configuration: ToolConfiguration
) -> ToolClient | None:
    """Return a tool of the same domain that registered itself; Canvas always makes a new one."""
    if token.flavour == Flavour.CANVAS:
        return None
    domain = metadata.host(configuration.target_link_uri)
    registered = ToolClient.objects.filter(flavour=token.flavour, registrationtoken__isnull=False)
    for tool in registered.distinct():
        if metadata.host(tool.target_link_uri) == domain:
            return tool
    return None


def registration_response(tool: ToolClient, request: JsonObject) -> JsonObject:
    """Return the request as it was registered, with the deployment that was made for it.

    Canvas (November 2026) puts its id at the top of the answer.
    """
    requested = request[TOOL_CONFIGURATION]
    configuration = dict(requested) if isinstance(requested, dict) else {}
    deployment = {"deployment_id": tool.deployment_id}
    is_canvas = tool.flavour == Flavour.CANVAS
    if not is_canvas:
        configuration |= deployment
    return {
        **request,
        **(deployment if is_canvas else {}),
        "client_id": tool.client_id,
        "scope": " ".join(tool.scopes),
        TOOL_CONFIGURATION: configuration,
    }
