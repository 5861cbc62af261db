"""``make narratives``: running texts made by combining what agencies write, sound and with planted contradictions."""
