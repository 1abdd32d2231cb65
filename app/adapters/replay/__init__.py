"""Recorded market data, read exactly and strictly."""
