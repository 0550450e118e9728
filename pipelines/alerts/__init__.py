"""Alerts: what stands against whoever runs this, told once to whom it concerns, and the alerter's own sign of life.

Belongs here: which states are alerts (conditions), what they are read from (state, keys, and runs for Dagster's part),
where they are told (channels), what was told already (memory), a round of all that (teller), the sign of life
(heartbeat). Does not belong here: how a fault is found, which its own room knows; the sensor and the command, which
only call.
"""
