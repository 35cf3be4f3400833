"""Numbers, messages and notices in the language of the page."""
