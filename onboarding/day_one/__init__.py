"""What a placement asks around day one: tasks with their holders, equipment lent, what is still missing."""
