"""Mail: letters as text and HTML, messages by RFC 5322, and the conversation with the mail server."""
