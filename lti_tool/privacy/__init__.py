"""Retention and exports of the rows of the platform's side."""
