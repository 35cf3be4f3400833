"""A small LMS of our own: a strict LTI 1.3 platform for the demo and the browser tests.

It runs as a process of its own, with settings of its own, on loopback only. It talks to the tool
through the browser and HTTP alone, and imports nothing of its code but `protocol.vocabulary`.
Its flavour is Moodle's: where the specification leaves a choice, or Moodle departs from it, the
sandbox does what Moodle was observed to do. Courses with Canvas's flavour do what Canvas does;
they belong to a second platform, with an issuer, keys and services of its own below `/canvas`.
"""
