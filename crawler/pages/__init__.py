"""Reading a page: its text, its kind, its addresses, attachments, frames and dates."""
