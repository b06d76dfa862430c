"""Briefing sheets: made in the morning, put together for each reader."""
