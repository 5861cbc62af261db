"""Feeds: new reports for a reader (Atom), due dates for a calendar (iCalendar)."""
