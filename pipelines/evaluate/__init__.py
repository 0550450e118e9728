"""How well enrichment agrees with hand-labelled gold files.

Belongs here: one module a task (reads the label files as they are, runs the enrichment, scores it) and what they share.
Does not belong here: the labels, which are no part of the product, and any judgement (pipelines.enrich makes it).
"""
