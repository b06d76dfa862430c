"""The address register: read from files of any size, staged, merged into streets and addresses."""
