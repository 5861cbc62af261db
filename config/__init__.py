"""Settings, and everything an office may want to change as data. Imports nothing of ours."""
