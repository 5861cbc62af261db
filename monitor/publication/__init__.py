"""The facts of a publication, and the findings of the P rules on them."""
