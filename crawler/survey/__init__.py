"""A look at a site without storing anything: which family fits, what would be taken."""
