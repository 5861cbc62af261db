"""Who owes which report, and how each of them stands."""
