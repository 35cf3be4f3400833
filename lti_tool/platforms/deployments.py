"""The admission of deployments, including those first seen in a launch."""

from __future__ import annotations

from django.db import transaction

from lti_tool.audit import TOOL, AuditKind, record
from lti_tool.models import Deployment, NewDeployments, Registration
from lti_tool.protocol.refusal import LaunchRefused, Reason

# Keeps a platform that makes up deployment ids from filling the table.
MAX_WAITING = 100


def admit(registration: Registration, deployment_id: str, known: Deployment | None) -> Deployment:
    """Return the deployment of a launch that the platform signed (LTI Core 1.3 section 3.1.3).

    ``known`` is the registration's row with that id, if there is one. A new one is refused,
    stored for approval or accepted, as ``new_deployments`` says: Canvas names one at most
    when it is registered. Raise LaunchRefused (UNKNOWN_DEPLOYMENT, DEPLOYMENT_WAITING) if it may
    not launch.
    """
    found = known or _learn(registration, deployment_id)
    if found is None:
        raise LaunchRefused(Reason.UNKNOWN_DEPLOYMENT, f"registration {registration.pk}")
    if not found.is_approved:
        raise LaunchRefused(Reason.DEPLOYMENT_WAITING, f"deployment {found.pk}")
    return found


def _learn(registration: Registration, deployment_id: str) -> Deployment | None:
    """Return a new row for this deployment, or None if ``new_deployments`` does not allow one."""
    if registration.new_deployments == NewDeployments.REFUSE:
        return None
    is_approved = registration.new_deployments == NewDeployments.ACCEPT
    waiting = registration.deployments.filter(is_approved=False)
    if not is_approved and waiting.count() >= MAX_WAITING:
        return None
    with transaction.atomic():
        # Two first launches at once make one row: the unique constraint decides, both get it.
        found, is_new = registration.deployments.get_or_create(
            deployment_id=deployment_id, defaults={"is_approved": is_approved}
        )
        if is_new:
            learned = {"deployments": [found.state_text]}
            record(AuditKind.PLATFORM, TOOL, registration=registration, after=learned)
    return found
