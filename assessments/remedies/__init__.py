"""What would close a gap: the catalogue, and the cheapest set that does."""
