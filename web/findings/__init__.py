"""复核: the queue of what waits for a person, and what a person decides."""
