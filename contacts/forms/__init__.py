"""What people fill in: citizens, officers, heads."""
