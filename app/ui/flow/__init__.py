"""How orders leave: queue, limits, circuit breakers, what ended without effect, and how long it takes."""
