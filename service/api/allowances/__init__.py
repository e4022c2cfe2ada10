"""What is paid for working at home, month by month."""
