"""Python imports this at its start where this folder is on the path: every process of a replay is worded otherwise."""

import reworded

reworded.install()
