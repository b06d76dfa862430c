"""The demonstration of the public side: hours, notices, events, partners, messages. All of it is invented."""
