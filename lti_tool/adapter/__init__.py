"""The only modules that import pylti1p3.

The library checks much of a launch and leaves gaps; the docstring of each module here names the
gaps that it closes. The rest of the project uses ``begin_login``, ``verify_launch`` and
``Connector``, and what describes them: their types, limits, and the readers of a platform's
keys and clock.
"""
