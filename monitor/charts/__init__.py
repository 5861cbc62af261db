"""The pictures of the weekly summary."""
