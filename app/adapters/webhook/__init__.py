"""Notices to an address of the user's own."""
