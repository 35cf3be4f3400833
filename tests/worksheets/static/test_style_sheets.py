"""Style sheets that come on one page: none changes what another one draws."""

from __future__ import annotations

import re
from pathlib import Path

import worksheets

FOLDER = Path(worksheets.__file__).parent / "static" / "worksheets"
# Fields with an error look the same on a sheet and in a form; the line above results has tiles; the
# sheet itself is named to say what is on it.
SHARED = {"has-error", "tiles", "sheet"}


def selectors(name: str) -> list[str]:
    text = re.sub(r"/\*.*?\*/", "", (FOLDER / name).read_text(), flags=re.DOTALL)
    found = (one.strip() for group in re.findall(r"([^{}]+)\{", text) for one in group.split(","))
    return [one for one in found if not one.startswith("@")]


def test_forms_of_teachers_do_not_style_what_is_on_a_sheet() -> None:
    on_sheets = {
        name
        for file in ("sheet.css", "results.css")
        for selector in selectors(file)
        for name in re.findall(r"\.([a-z][a-z-]*)", selector)
    }
    assert {"chosen", "options"} <= on_sheets
    first = {m[1] for one in selectors("staff.css") if (m := re.match(r"\.([a-z][a-z-]*)", one))}
    # '.squares .wrong' is the squares' business, a bare '.wrong' would be the sheet's as well.
    assert first & on_sheets <= SHARED
