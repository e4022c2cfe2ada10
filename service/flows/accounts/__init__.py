"""Who signs in, and how they want to be written to."""
