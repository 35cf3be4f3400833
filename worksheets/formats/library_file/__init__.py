"""Worksheets as one file: a zip with a folder for each, with its text and its pictures.

    Causes of terror/worksheet.txt
    Causes of terror/timeline.png

``pack`` writes one, ``read_file`` reads one from outside. What is in it is described for teachers
in ``docs/teacher.md``.
"""

from .layout import (
    MAX_FILE_BYTES,
    MAX_WORKSHEETS,
    Left,
    Packed,
    Reason,
    folder_names,
    title_of_folder,
)
from .packing import pack, unpack
from .reading import FileRead, UnreadableFile, check_size, read_file

__all__ = [
    "MAX_FILE_BYTES",
    "MAX_WORKSHEETS",
    "FileRead",
    "Left",
    "Packed",
    "Reason",
    "UnreadableFile",
    "check_size",
    "folder_names",
    "pack",
    "read_file",
    "title_of_folder",
    "unpack",
]
