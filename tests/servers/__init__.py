"""Real servers for the time of a test: PostgreSQL and Redis, on free ports of this machine."""
