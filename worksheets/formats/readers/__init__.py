"""Readers of files from outside, which a program of its own runs; they import nothing of ours but
each other, so that it starts fast."""
