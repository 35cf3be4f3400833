"""The settings of a sheet for comparing texts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """The sheet's own settings, from the lines between ``---`` at its top."""

    spelling_counts: bool = False  # 'spelling: counts': no typo or punctuation is forgiven
    case_counts: bool = False  # 'capitals: count'
    fold_accents: bool = False  # 'accents: optional'
    language: str = ""  # 'language: tr', a BCP 47 tag; '' for the page's
