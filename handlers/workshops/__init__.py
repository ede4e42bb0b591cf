"""Workshops: planned, moved, cancelled, and who is asked about them when."""
