"""The commands, one module each, and the demo."""
