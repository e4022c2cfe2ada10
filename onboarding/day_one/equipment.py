"""What was lent to a person to work with, and whether it is in their hands."""

from datetime import date

from onboarding.content import Label, Name, Value


class Loan(Value):
    """One thing promised or lent: on its way until ``received_on``, given back on ``returned_on``."""

    item: Name
    label: Label
    serial: str | None = None
    received_on: date | None = None
    returned_on: date | None = None

    def is_in_hand(self, today: date) -> bool:
        """Whether the person holds it at the end of ``today``."""
        received = self.received_on is not None and self.received_on <= today
        returned = self.returned_on is not None and self.returned_on <= today
        return received and not returned

    def is_returned(self, today: date) -> bool:
        """Whether it went back: such a loan is over, and nobody waits for it."""
        return self.returned_on is not None and self.returned_on <= today
