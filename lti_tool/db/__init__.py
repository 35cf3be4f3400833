"""The database itself: prepared queries, a copy from one database to another, PostgreSQL's backend."""
