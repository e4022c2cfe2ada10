"""Where trainers' pages lie, and what a part of a path is called while it may have no title."""

from onboarding.paths.drafts import DraftModule, DraftPage, DraftQuestion, DraftWords

BASE = "/training/paths"


def named(part: DraftModule | DraftPage | DraftQuestion, words: DraftWords) -> str:
    """What a part is called while it may have no title."""
    return words.fr or words.en or part.slug
