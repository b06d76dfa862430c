"""The handbook's forms."""
