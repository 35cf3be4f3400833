"""From the LMS's login initiation to a browser that is known again at the launch."""
