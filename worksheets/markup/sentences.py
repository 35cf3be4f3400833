"""What pure code says to a teacher: English, and ready to be said in another language. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self


class Sentence(str):
    """An English sentence that knows what it was made of, for whoever shows it to translate.

    Written ``_("… %(n)s …", n=3)``, so that the catalogues' tools find it.
    """

    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str, **values: object) -> Self:
        said = super().__new__(cls, template % values if values else template)
        said.template, said.values = template, values
        return said
