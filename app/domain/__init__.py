"""What things are: values, life-cycle tables, messages and ports. Pure Python, no clock, no I/O."""
