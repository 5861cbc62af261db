"""Questions about documents on their way: work, hand-over, readings, versions, copies."""
