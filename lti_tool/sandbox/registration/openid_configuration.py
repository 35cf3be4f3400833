"""The platform's configuration: OpenID Connect Discovery 1.0, LTI Dynamic Registration 1.0, 3.3."""

from typing import Final

from lti_tool.protocol.vocabulary import CANVAS_CUSTOM_PARAMETERS, CUSTOM_PARAMETERS, Scope
from lti_tool.sandbox.models import Flavour
from lti_tool.sandbox.platform.platforms import get_platform
from lti_tool.sandbox.registration import placements
from lti_tool.sandbox.services.json_body import JsonObject

PLATFORM_CONFIGURATION: Final = "https://purl.imsglobal.org/spec/lti-platform-configuration"


def openid_configuration(flavour: str) -> JsonObject:
    platform = get_platform(flavour)
    variables = CANVAS_CUSTOM_PARAMETERS if flavour == Flavour.CANVAS else CUSTOM_PARAMETERS
    return {
        "issuer": platform.issuer,
        "authorization_endpoint": platform.auth_url,
        "token_endpoint": platform.token_url,
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
        "jwks_uri": platform.jwks_url,
        "registration_endpoint": platform.registration_url,
        "scopes_supported": ["openid", *(str(scope) for scope in Scope)],
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "claims_supported": ["sub", "iss", "name", "given_name", "family_name"],
        PLATFORM_CONFIGURATION: {
            "product_family_code": platform.product,
            "version": "1",
            "messages_supported": placements.messages_supported(flavour),
            "variables": [name.removeprefix("$") for name in variables.values()],
        },
    }
