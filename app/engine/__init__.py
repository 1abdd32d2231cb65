"""What is decided and in what order. No Qt, no I/O library."""
