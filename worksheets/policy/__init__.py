"""The rules of an assignment for one pupil."""
