"""The platforms of the sandbox: each flavour has an issuer, keys and addresses of its own.

All courses with the flavour of Canvas share one issuer, as all customers of Canvas do.
"""

from dataclasses import dataclass

from lti_tool.sandbox.canvas import ids
from lti_tool.sandbox.models import Flavour, Person
from lti_tool.sandbox.server import conf


@dataclass(frozen=True)
class Platform:
    """The issuer, endpoints and product of one platform."""

    flavour: Flavour
    issuer: str
    auth_url: str
    token_url: str
    jwks_url: str
    registration_url: str
    product: str
    # LTI Platform Storage 1.0: the frame beside the tool's that stores data; '' without it. Canvas
    # sends its name with login and launch. `assets/messages.js` stores the data.
    storage_frame: str

    def subject(self, person: Person) -> str:
        """Return the id of a person in `sub` and `login_hint`."""
        return ids.person(person.pk) if self.flavour == Flavour.CANVAS else str(person.pk)


def get_platform(flavour: str) -> Platform:
    """Return the platform of a flavour; Canvas's is below `/canvas`."""
    canvas = flavour == Flavour.CANVAS
    prefix = "canvas-" if canvas else ""
    return Platform(
        flavour=Flavour(flavour),
        issuer=conf.issuer() + ("/canvas" if canvas else ""),
        auth_url=conf.address(f"{prefix}auth"),
        token_url=conf.address(f"{prefix}token"),
        jwks_url=conf.address(f"{prefix}jwks"),
        registration_url=conf.address(f"{prefix}register-tool"),
        product="canvas" if canvas else "sandbox",
        storage_frame="post_message_forwarding" if canvas else "",
    )
