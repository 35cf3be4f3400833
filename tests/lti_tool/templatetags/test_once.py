"""``{% once %}``: alike for everyone, but for the language."""

from __future__ import annotations

from django.template import Context, NodeList, Template
from django.template.base import Node
from django.utils import translation

from lti_tool.templatetags.once import OnceNode


class Counting(Node):
    """Says in which language it was rendered, each time."""

    def __init__(self) -> None:
        self.rendered: list[str] = []

    def render(self, context: Context) -> str:  # noqa: ARG002
        self.rendered.append(translation.get_language() or "")
        return self.rendered[-1]


def test_each_language_is_rendered_once() -> None:
    content = Counting()
    node = OnceNode(NodeList([content]))
    for language in ("en", "de", "en", "de"):
        with translation.override(language):
            assert node.render(Context()) == language
    assert content.rendered == ["en", "de"]


def test_no_variable_of_a_page_is_seen_inside() -> None:
    template = Template(
        "{% load once %}{% once %}{% if secret %}{{ secret }}{% endif %}{% endonce %}"
    )
    assert template.render(Context({"secret": "Amina"})) == ""
