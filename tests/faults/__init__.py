"""Faults on purpose: the catalogue, what injects them, and tests that say what became of each (make faults)."""
