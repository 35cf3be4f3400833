"""The platform's side of OIDC and OAuth 2: people, keys, claims, tokens."""
