"""``make accuracy``: sound reports and reports with one planted error each, and what the rules make of them."""
