"""Pages and addresses that an LMS, its administrator or a browser at launch calls."""
