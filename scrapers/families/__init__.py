"""What two or more sources share: JSON answers, text, records."""
