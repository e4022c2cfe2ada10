"""Skills and people beside programmes: lists, the ledger, plans to close gaps, matches."""
