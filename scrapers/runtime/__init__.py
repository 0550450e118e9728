"""The machinery of a crawl: settings, base spider, middlewares, archive, landing, ledger."""
