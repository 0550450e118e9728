"""Sample sources: a loopback server that answers like the official APIs, and its data."""
