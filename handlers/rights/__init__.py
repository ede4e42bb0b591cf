"""Consent, withdrawal, erasure, people's own data, and what the data steward sees."""
