"""What rules read from documents: relevance to AI and officially stated relations. No Dagster here."""
