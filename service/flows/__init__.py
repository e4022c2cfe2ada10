"""The use cases: gather, decide, record."""
