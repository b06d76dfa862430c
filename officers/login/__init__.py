"""Logging in: allauth as this site wants it, sessions that end, the second factor, a police force's own sign-on."""
