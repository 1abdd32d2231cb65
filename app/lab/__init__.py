"""The same engine over recorded data."""
