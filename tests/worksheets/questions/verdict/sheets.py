"""A sheet with a gap and a statement, and answers to it."""

from __future__ import annotations

STATEMENT = "The Rhineland is in France."
KEYED = f"""# Rivers

Japan took ___Manchuria___.

1. {STATEMENT}
??? right or wrong, 2 marks
truth: false
"""
OTHER_KEY = KEYED.replace("truth: false", "truth: true")
BY_TEACHER = KEYED.replace("truth: false\n", "")
WITHOUT_GAPS = KEYED.replace("___Manchuria___", "Manchuria")
GAP = {"g1": "Manchuria"}
RIGHT = {**GAP, "q1-verdict": "false", "q1": "It is in Germany."}
WRONG = {**RIGHT, "q1-verdict": "true"}
SUMMARY = "false: It is in Germany."
KEPT = {"v": 1, "verdict": "false", "text": "It is in Germany."}
