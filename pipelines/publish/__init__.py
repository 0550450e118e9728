"""Stage, audit, publish: how marts become an edition that readers can trust. No Dagster in here."""
