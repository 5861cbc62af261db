"""A season on real processes while everything that can fail does; ``python -m tests.chaos --seed 1 --minutes 5``."""
