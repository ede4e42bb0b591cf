"""Questionnaires: sent to the bot, checked, tried and put in use."""
