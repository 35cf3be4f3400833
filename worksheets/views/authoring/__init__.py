"""Pages on which a teacher chooses, writes, sees, tries, publishes and places worksheets."""
