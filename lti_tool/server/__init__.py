"""Everything about the process: environment, paths, middleware, logs, limits, system checks."""
