"""Pages and addresses that an LMS or its administrator calls."""
