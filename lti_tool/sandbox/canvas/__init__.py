"""Canvas's flavour: what the courses that have it do otherwise than Moodle's.

From Canvas's documentation and from what it was seen to do; each module says which.
"""
