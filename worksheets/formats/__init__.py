"""Formats in which worksheets come. Pure."""
