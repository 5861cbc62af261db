"""From bytes to a Report: one module a format, one for each table of the form (see :mod:`workers.reading.read`)."""
