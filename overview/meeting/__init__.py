"""The overview on paper, for the meeting of the heads."""
