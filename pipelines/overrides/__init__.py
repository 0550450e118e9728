"""What people decided about quarantined rows, kept apart from what sources say.

Belongs here: the record of decisions (`decisions.py`), the rows they are about (`rows.py`), what a correction must
satisfy (`corrections.py`), the histories of documents as decided (`histories.py`) and their way into the warehouse
(`apply.py`). Does not belong here: why a row is set aside (`pipelines/load.py` and the parsers).
"""
