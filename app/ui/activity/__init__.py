"""Lists of what happened: log, orders, fills, events."""
