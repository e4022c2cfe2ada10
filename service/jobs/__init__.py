"""Durable work: thin over a flow, harmless when run twice."""
