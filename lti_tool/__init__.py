"""The project package, and everything that speaks to an LMS. Knows nothing of worksheets."""

__version__ = "0.1.0rc1"
