"""Who is asking, what they may do, and how refusals are told."""
