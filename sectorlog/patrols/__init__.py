"""Patrols, and their share on foot or bicycle."""
