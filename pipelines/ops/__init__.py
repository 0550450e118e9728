"""The care of a state folder: what is wrong with it, copies of it, what may go, and its way to a newer version.

Belongs here: libraries that a person's command or the job `clean_up` calls. Does not belong here: the commands
(pipelines/cli/care.py), and the job. Only `run_history` knows Dagster.
"""

RUN_DAYS = 180
"""Runs that ended so many days ago may go, unless somebody asks for another number."""
