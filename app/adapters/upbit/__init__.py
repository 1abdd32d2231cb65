"""Upbit: REST and WebSocket translated into the words of app.domain."""
