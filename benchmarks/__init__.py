"""Each compares two ways of doing one thing in one run, and prints the ratio."""
