"""Figures as pictures: SVG with words as words, without scripts and without anything from elsewhere."""
