"""Runs that are killed, audits that fail, files that are damaged: slow, and apart from the suite (make faults)."""
