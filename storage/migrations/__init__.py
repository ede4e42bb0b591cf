"""Numbered SQL scripts, each taken once and never changed afterwards."""
