"""The site over an edition: static pages, and the small server that adds search."""
