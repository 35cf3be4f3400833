"""The process: environment, paths, middleware, logs, limits, checks at start."""
