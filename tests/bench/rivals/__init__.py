"""Other ways to take the same lists into DuckDB. Each is a program of its own, with its best settings."""
