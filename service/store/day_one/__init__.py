"""What a placement asks around its first day: checklists, desks, equipment, readiness."""
