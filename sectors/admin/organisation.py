"""Stations, local police districts and sectors in the admin."""
