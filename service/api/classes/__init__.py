"""Groups and live classes: seats, calendars, attendance, signatures."""
