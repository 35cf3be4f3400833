"""``make soak``: a class types for ten minutes while network and server fail; nothing is lost."""
