"""Log entries: written once, read, corrected, added to, found again, exported."""
