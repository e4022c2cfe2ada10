"""What goes out: sentences, sheets, CSV and ZIP files, papers drawn while somebody waits."""
