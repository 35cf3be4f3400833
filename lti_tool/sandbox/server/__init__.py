"""Everything about the sandbox's process: environment, settings, checks, middleware."""
