"""运维: the portals with their looks, and the machinery."""
