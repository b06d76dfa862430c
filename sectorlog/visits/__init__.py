"""Visits: who is due, in which order to walk to them, what came of it."""
