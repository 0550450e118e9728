"""The site of an edition: static pages for any web server or a folder, and a small server that adds search.

Belongs here: what the pages say and how they look. Does not belong here: how an edition is made (pipelines.publish),
the weekly digest in its own forms (pipelines.digest), Dagster.
"""
