"""What happens to somebody's questionnaire: being asked, answering, going on later, looking back."""
