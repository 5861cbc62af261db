"""Nothing is decided on a sentence: a season comes out the same whatever the program's sentences are."""
