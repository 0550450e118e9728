"""One module a source, named by its slug: pure parse functions and a thin spider."""
