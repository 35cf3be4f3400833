"""The writes to a teacher's worksheets: create, publish, use in a course, copy with it."""

from worksheets.authoring.worksheets import (
    MAX_SOURCE,
    AuthoringError,
    Cautions,
    ChangedElsewhere,
    HasErrors,
    InUse,
    NameTaken,
    TooLong,
    add_picture,
    create,
    create_sample,
    delete,
    digest_of,
    publish,
    remove_picture,
    save,
)

__all__ = [
    "MAX_SOURCE",
    "AuthoringError",
    "Cautions",
    "ChangedElsewhere",
    "HasErrors",
    "InUse",
    "NameTaken",
    "TooLong",
    "add_picture",
    "create",
    "create_sample",
    "delete",
    "digest_of",
    "publish",
    "remove_picture",
    "save",
]
