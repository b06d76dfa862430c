"""Records about people: reviewed, kept for a reason, erased with proof."""
