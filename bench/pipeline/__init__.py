"""The pipeline's benchmark: what a report costs beside reading and checking it, and what more workers bring."""
