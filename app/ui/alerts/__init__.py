"""Notices on the screen and on the desktop, and the settings of the channels."""
