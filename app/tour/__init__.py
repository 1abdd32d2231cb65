"""The guided tour: drives the real window with real clicks against the practice exchange and proves what it saw."""
