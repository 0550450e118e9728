"""The warehouse as a lake: on a PostgreSQL of the test's own, with the extensions of `make scale-install`."""
