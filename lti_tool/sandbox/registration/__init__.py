"""LTI Dynamic Registration 1.0, the platform's side: Moodle's way and Canvas's."""
