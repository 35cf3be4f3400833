"""The paths of the project's folders. Pure.

In a checkout the folders are beside the packages. The wheel has them inside this package, so
that they do not get mixed up with other packages' files in site-packages.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
IS_INSTALLED = (_PACKAGE / "templates").is_dir()

_HOME = _PACKAGE if IS_INSTALLED else _PACKAGE.parent
TEMPLATES = _HOME / "templates"
LOCALE = _HOME / "locale"

# The folder of the database file if DATABASE_URL is not set: never among installed packages,
# which the next upgrade replaces.
DATA = Path.cwd() if IS_INSTALLED else _PACKAGE.parent
