"""A teacher's worksheets: written, published, used in a course, copied with it."""

from worksheets.authoring.worksheets import (
    AuthoringError,
    Cautions,
    ChangedElsewhere,
    HasErrors,
    InUse,
    NameTaken,
    add_picture,
    create,
    create_sample,
    delete,
    publish,
    remove_picture,
    save,
)

__all__ = [
    "AuthoringError",
    "Cautions",
    "ChangedElsewhere",
    "HasErrors",
    "InUse",
    "NameTaken",
    "add_picture",
    "create",
    "create_sample",
    "delete",
    "publish",
    "remove_picture",
    "save",
]
