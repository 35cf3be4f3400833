"""Django's PostgreSQL backend, with a cheaper health check and a limit for idle transactions."""
