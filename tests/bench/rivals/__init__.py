"""Other ways to take the same lists into DuckDB, each a program of its own.

The limit, plain Scrapy as tutorials write it (an insert an item, though in one transaction), and dlt twice: as it comes
and with its best settings.
"""
