"""Logins (OpenID Connect): state, and recognising at the launch the browser that began one."""
