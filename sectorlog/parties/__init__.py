"""Parties of interest: imported, found again, placed, merged."""
