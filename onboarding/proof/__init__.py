"""What a finished path is shown by to strangers: a signed badge and its picture."""
