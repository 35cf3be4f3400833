"""Calls to a platform over HTTP. Nothing here knows of worksheets or writes to the database."""
