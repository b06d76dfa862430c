"""The handbook on paper: a booklet of its chapters, with what officers contributed in a period marked."""
