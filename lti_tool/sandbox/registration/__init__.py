"""The platform's side of LTI Dynamic Registration 1.0, as in Moodle and in Canvas."""
