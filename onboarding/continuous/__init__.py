"""After a path is done: terms, refreshers, notes to a team, help at a distance, roles to grow into."""
