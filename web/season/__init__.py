"""季情总览: the board of a season, its curve and its 台账."""
