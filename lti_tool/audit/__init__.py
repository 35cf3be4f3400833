"""The audit trail: ``record`` writes down what was done, in the transaction that does it."""

from lti_tool.audit.actors import TOOL, Actor, command_line, operator, person
from lti_tool.audit.recording import Values, entry, record, record_all
from lti_tool.models import AuditKind

__all__ = [
    "TOOL",
    "Actor",
    "AuditKind",
    "Values",
    "command_line",
    "entry",
    "operator",
    "person",
    "record",
    "record_all",
]
