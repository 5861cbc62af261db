"""Which incidents are wanted, and reconciling them with those that are open."""
