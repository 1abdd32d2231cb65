"""The practice exchange: a small independent program that speaks Upbit's wire protocol on loopback.

It imports nothing else of `app`: an oracle that shares code with its client can only agree with it.
"""
