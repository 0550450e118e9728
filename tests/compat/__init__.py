"""An edition read by other versions of DuckDB than the one that wrote it, each in an environment of its own."""
