"""What lasts after a path is done: refreshers, what a team remembers, help at a distance."""
