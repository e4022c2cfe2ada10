"""Many people over many programmes at once: waves, their needs, scenarios and what each would gain."""
