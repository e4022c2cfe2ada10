"""How far somebody is from a role or a programme: what it asks for, and what of it is there already."""
