"""Coverage-guided fuzzing of whatever reads what strangers wrote, and of what shows it to readers."""
