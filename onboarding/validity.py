"""How long a finished path holds, when it is time to renew it, and what is over."""
