"""The tag ``{% once %}``, for parts of a template that are the same on every page of a language."""

from __future__ import annotations

from django import template
from django.template.base import Parser, Token
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()


@register.tag
def once(parser: Parser, token: Token) -> OnceNode:  # noqa: ARG001
    """Parse ``{% once %}…{% endonce %}`` around addresses of files and translated words."""
    nodes = parser.parse(("endonce",))
    parser.delete_first_token()
    return OnceNode(nodes)


class OnceNode(template.Node):
    """A node that keeps what it rendered, by language, as long as its template is loaded.

    Its content has no variables, so that nothing of one person's page can appear on another's.
    """

    def __init__(self, nodes: template.NodeList) -> None:
        self._nodes = nodes
        self._rendered: dict[str, SafeString] = {}

    def render(self, context: template.Context) -> SafeString:  # noqa: ARG002
        """Return the content in the active language."""
        language = get_language() or ""
        if language not in self._rendered:
            html = self._nodes.render(template.Context())
            self._rendered[language] = mark_safe(html)  # noqa: S308
        return self._rendered[language]
