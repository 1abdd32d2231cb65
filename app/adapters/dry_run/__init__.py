"""Decides as ever and sends nothing: the venue of a dry run."""
