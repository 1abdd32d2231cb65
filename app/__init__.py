"""Gwanje: a desktop trading terminal whose stop button proves what it did."""
