"""Boundary releases: read from files or drawn, checked, compared, published."""
