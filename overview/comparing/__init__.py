"""Today against another day: a redrawn border, an appointment to come, who it was back then."""
