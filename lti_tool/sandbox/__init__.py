"""A small LMS of our own: a strict LTI 1.3 platform for the demo and the browser tests.

It runs as a process of its own, with settings of its own, on loopback only. It meets the tool
through the browser and HTTP alone; of the tool's code it knows `protocol.vocabulary` and no more.
Its flavour is Moodle's: where the specification leaves room, or Moodle leaves the specification,
it does what Moodle was seen to do. Courses with Canvas's flavour do what Canvas does; they belong
to a second platform, with an issuer, keys and services of its own below `/canvas`.
"""
