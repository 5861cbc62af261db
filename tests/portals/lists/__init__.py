"""Portals whose lists are made up by a plan: what each agency published, and when; written apart from the crawler."""
