"""Uniform forms: drawn up by heads, looked at beforehand, published, filled in by officers."""
