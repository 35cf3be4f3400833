"""The database itself: prepared queries, copying to another one, PostgreSQL's backend."""
