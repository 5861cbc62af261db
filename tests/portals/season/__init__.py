"""A season of more than four hundred agencies, on portals like the sixteen of Beijing and some others."""
