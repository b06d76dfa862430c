"""What does not belong into the log: recognised, sealed, handed over."""
