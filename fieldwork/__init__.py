"""The study, pure: people and roles, workshops, prompts, schedule rules, texts, neutral messages."""
