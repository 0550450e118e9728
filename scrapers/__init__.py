"""Crawling official sources: contracts, registry, spiders and the runtime they share."""
