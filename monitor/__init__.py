"""Obligations, standings, incidents, notices and the weekly summary."""
