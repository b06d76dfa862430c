"""Reading: what is new to somebody, what has to be confirmed, the search."""
