"""A measured connection: samples, delays and losses, and what a call over it would sound like."""
