"""What spiders stand on: forms of answers (JSON, XML), of text, dates and records, and the formats of sources."""
