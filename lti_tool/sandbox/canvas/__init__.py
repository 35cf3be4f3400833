"""Canvas's flavour: everything in which its courses differ from Moodle's.

Sources are Canvas's documentation, and `app/controllers/lti/ims` of instructure/canvas-lms.
"""
