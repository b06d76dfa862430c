"""A citizen's message: received once, told to who answers, answered, kept as long as needed, erased."""
