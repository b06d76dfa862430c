"""A sector handed from officer to officer: put together from the log, accepted, signed."""
