"""Target groups: which there are, and who of them is overlooked."""
