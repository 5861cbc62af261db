"""Notices: writing them, their pace, the outbox, reminders, corrections, bounces."""
