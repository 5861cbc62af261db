"""Who may use the desk, and the record of who decided what and who saw what."""
