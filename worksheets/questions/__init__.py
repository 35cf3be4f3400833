"""Kinds of question: what is posted, what is blank, what another edition asks the same. Pure."""
