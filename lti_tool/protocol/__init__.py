"""LTI 1.3 as the specification writes it: names, claims, roles, refusals. Pure."""
