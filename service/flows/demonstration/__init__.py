"""The made-up house that a newcomer meets: everything in it goes through the same flows."""
