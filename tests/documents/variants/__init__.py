"""Variants of one report, each written in one way that readers of tables were seen to stumble over."""
