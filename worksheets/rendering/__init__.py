"""A sheet as HTML: for filling in, for reading results, for marking.

``document`` walks the blocks; what stands in a gap's or a question's place is given to
it, so that the walk itself never sees an answer.
"""

from worksheets.rendering.document import Widgets, render_sheet

__all__ = ["Widgets", "render_sheet"]
