"""gwanje-kill: a small program beside the terminal that stops it, and finishes its work when it hangs or is dead."""
