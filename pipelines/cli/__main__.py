"""`python -m pipelines.cli` is the `aipolicy` command."""

from pipelines.cli import main

main(prog_name="aipolicy")
