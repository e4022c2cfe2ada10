"""What there is to learn: paths that ship and paths that trainers write, files, packages."""
