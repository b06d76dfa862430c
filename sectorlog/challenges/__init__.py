"""Challenges: their story, and how they close."""
