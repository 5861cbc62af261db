"""Python imports this at its start where this folder is on the path: every process of a replay is worded otherwise."""

import reworded  # type: ignore[import-not-found]  # stands beside this file

reworded.install()
