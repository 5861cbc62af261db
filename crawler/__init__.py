"""The Scrapy project: looks at portals, never judges a report."""
