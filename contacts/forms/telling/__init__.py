"""The forms in which staff write what the public is told."""
