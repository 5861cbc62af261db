"""The demo: bundled portals and documents, an inbox, and two seasons replayed by date through the real loops."""
