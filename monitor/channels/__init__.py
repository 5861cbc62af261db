"""Ways to tell people: one channel is one folder with its transport and its templates."""
