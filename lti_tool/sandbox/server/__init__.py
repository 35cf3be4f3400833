"""The sandbox's process: settings read, environment, checks, middleware."""
