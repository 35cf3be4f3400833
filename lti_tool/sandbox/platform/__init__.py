"""The platform's side of OpenID Connect and OAuth 2.0: people, keys, claims, tokens."""
