"""Where secrets rest: the key store of the system."""
