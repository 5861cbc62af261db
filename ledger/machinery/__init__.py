"""Questions about the processes: heartbeats, canaries, checks of the host, activity."""
