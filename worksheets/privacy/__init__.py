"""Functions that export, erase and forget what is kept of people and courses."""
