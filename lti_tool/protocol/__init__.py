"""Names, claims, roles and refusals of LTI 1.3, in the specification's words. Pure."""
