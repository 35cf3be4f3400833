"""The project package, and everything that speaks to an LMS. It does not import worksheets."""

__version__ = "0.1.0rc1"
