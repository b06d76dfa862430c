"""Messages by mail: an answer that threads, what comes back, what did not arrive."""
