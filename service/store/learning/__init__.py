"""Who learns what, and where each stands: assignments, events, the board, rules, exemptions, careers."""
