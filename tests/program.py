"""A module whose main function runs the program that it is given: what stands in for a crawl in a fork."""

from __future__ import annotations


def main(argv: list[str]) -> None:
    """Run the program."""
    exec(argv[0], {})
