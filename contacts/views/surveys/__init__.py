"""A station's surveys: rounds, what citizens answer, on paper too, and what came of them."""
