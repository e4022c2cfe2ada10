"""Measured side by side, in one run, with what a user would pick instead; nothing here is asserted on time."""
