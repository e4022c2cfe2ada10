"""Files that people bring: bytes to text, cells and groups, with every fault told at its place."""
