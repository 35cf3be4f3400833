"""The command import_worksheet: it turns a paper worksheet into markup."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from worksheets.formats.paper import UnreadablePaper, read_paper, to_markup


class Command(BaseCommand):
    """A command that writes markup to standard output, what to check to standard error."""

    help = (
        "Import a paper worksheet (.txt, .md, .docx, .odt, .rtf, .pdf): print it as worksheet"
        " markup."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        path: Path = options["file"]
        try:
            data = path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        try:
            imported = to_markup(read_paper(path.name, data))
        except UnreadablePaper as error:
            raise CommandError(f"{path.name}: {error}") from error
        self.stdout.write(imported.source, ending="")
        for warning in imported.warnings:
            self.stderr.write(str(warning))
