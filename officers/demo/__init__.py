"""The demonstration: a station as the handbook has it, with invented people, doors and boundary lines."""
