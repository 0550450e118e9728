"""The care of a state folder: what is wrong with it, copies of it, what may go, and its way to a newer version.

Belongs here: libraries that a person's command calls. Does not belong here: the commands (pipelines/cli/care.py), and
what a run does by itself. Only `run_history` knows Dagster.
"""
