"""A verified launch becomes rows and a visit."""
