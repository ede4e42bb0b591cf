"""What arrives: a person's message or the clock's tick becomes one transaction and something to say."""
