"""What a head and an officer are told on Monday morning, in counts and a link."""
