"""One person beside one programme: readings, requirements, gates, fits, courses, and what would change the answer."""
