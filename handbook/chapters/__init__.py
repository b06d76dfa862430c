"""Texts of chapters: drafted, proposed, published; what changed between two of them."""
