"""A station's surveys: when which round is open to whom, and what came of it."""
