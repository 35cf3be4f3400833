"""Functions that turn a verified launch into rows and a visit, and the log of launches."""
