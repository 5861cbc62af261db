"""Questions about obligations and standings, and the tables of the weekly summary."""
