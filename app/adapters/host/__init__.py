"""This computer: its clock, and the practice exchange as a child process."""
