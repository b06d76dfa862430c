"""The pages on which staff write what the public is told: hours in person, notices, events."""
