"""Letters: written once, queued, sent, and what became of each."""
