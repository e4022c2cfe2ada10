"""What shows a training to others: its file, sheets, archives for an auditor, badges."""
