"""The handbook of the demonstration: what officers contributed, what is new and what has to be confirmed."""
