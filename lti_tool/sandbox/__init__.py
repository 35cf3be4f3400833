"""A small LMS: a strict LTI 1.3 platform for the demo and the browser tests.

It runs as a process of its own, with settings of its own, on loopback only. It communicates with
the tool through the browser and HTTP alone, and imports nothing of its code but
`protocol.vocabulary`. Where the specification leaves a choice, or Moodle 4.5 departs from it, the
sandbox behaves like Moodle. Courses with Canvas's flavour behave like Canvas; they belong to a
second platform, with an issuer, keys and services of its own below `/canvas`. Docstrings name the
files of Moodle and Canvas that do the same.
"""
