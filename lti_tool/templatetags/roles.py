"""A filter that shows the roles of a launch."""

from __future__ import annotations

from django import template

from lti_tool.protocol.roles import short_names

register = template.Library()
register.filter("short_roles", short_names)
