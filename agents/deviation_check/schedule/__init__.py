"""When a check is due: the query that is the schedule."""
