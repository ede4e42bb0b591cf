"""Telegram in and out; the only place that knows its dialect."""
