"""A whole wave over all programmes at once, to the proven optimum, with coverage by half hour."""
