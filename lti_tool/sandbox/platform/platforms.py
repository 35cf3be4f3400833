"""The platforms that the sandbox is: each temper has an issuer, keys and addresses of its own.

All Canvas-tempered courses share one issuer, as all customers of Canvas do.
"""

from dataclasses import dataclass

from lti_tool.sandbox.canvas import ids
from lti_tool.sandbox.models import Person, Temper
from lti_tool.sandbox.server import conf


@dataclass(frozen=True)
class Platform:
    """What a tool has to know of it, and what the platform calls itself."""

    temper: Temper
    issuer: str
    auth_url: str
    token_url: str
    jwks_url: str
    registration_url: str
    product: str

    def subject(self, person: Person) -> str:
        """What it calls a person: `sub` and `login_hint`."""
        return ids.person(person.pk) if self.temper == Temper.CANVAS else str(person.pk)


def platform(temper: str) -> Platform:
    """The platform of a temper; Canvas's stands below `/canvas`."""
    canvas = temper == Temper.CANVAS
    prefix = "canvas-" if canvas else ""
    return Platform(
        temper=Temper(temper),
        issuer=conf.issuer() + ("/canvas" if canvas else ""),
        auth_url=conf.address(f"{prefix}auth"),
        token_url=conf.address(f"{prefix}token"),
        jwks_url=conf.address(f"{prefix}jwks"),
        registration_url=conf.address(f"{prefix}register-tool"),
        product="canvas" if canvas else "sandbox",
    )
