"""Charts of figures: drawn once, kept by what they show."""
