"""The font that comes with the installation, and how it was made."""
