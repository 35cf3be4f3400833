"""Formats in which worksheets come, later also go. Pure."""
