"""Pages of a teacher at one link: the class, an attempt, its scores."""
