"""Pages of a pupil."""
