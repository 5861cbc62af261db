"""The season simulated and tried for real: ``make season``, docs/scaling.md."""
