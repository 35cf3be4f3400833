"""Where the project's folders are. Pure.

In a checkout they lie beside the packages; the wheel carries them inside this one, so
that nothing of ours lies loose among other people's packages.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
IS_INSTALLED = (_PACKAGE / "templates").is_dir()

_HOME = _PACKAGE if IS_INSTALLED else _PACKAGE.parent
TEMPLATES = _HOME / "templates"
LOCALE = _HOME / "locale"

# Where the database file goes if DATABASE_URL does not say: never among installed packages,
# which the next upgrade replaces.
DATA = Path.cwd() if IS_INSTALLED else _PACKAGE.parent
