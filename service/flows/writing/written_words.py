"""What people write in a form: trimmed, with one sort of line end, and long enough or short enough."""

from service.runtime.errors import Fault, RuleBroken


def lines(words: str) -> str:
    r"""The words trimmed, with one sort of line end, without what no page can show.

    >>> lines(" Bonjour,\r\nmerci\x07 ")
    'Bonjour,\nmerci'
    """
    told = words.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(mark for mark in told if mark.isprintable() or mark == "\n").strip()


def check_length(words: str, least: int, most: int, *, at: str) -> None:
    """RuleBroken, pointing `at` the field, for words of fewer or more characters."""
    if len(words) < least:
        raise RuleBroken(
            "Say why in at least %(least)s characters.", least=least,
            faults=[Fault(at, "too-short", "at least %(least)s characters", {"least": least})],
        )  # fmt: skip
    if len(words) > most:
        raise RuleBroken(
            "This is longer than %(most)s characters; shorten it.", most=most,
            faults=[Fault(at, "too-long", "at most %(most)s characters", {"most": most})],
        )  # fmt: skip
