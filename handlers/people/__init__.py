"""The people of a city: invited, let in, seen, reminded, and talked with."""
