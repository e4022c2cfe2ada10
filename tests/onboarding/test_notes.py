"""Notes to a team: what can be asked, and how a question of a quiz comes back as one."""

from importlib.resources import files
from pathlib import Path

import pytest
from pydantic import ValidationError

from onboarding.content import Language
from onboarding.continuous import notes
from onboarding.continuous.notes import Choice, Note, Told
from onboarding.paths import paths


def told(words: str) -> Told:
    return Told(fr=words, en=f"{words} (en)")


def choice(number: int, *, is_right: bool = False) -> Choice:
    return Choice(slug=f"choice-{number}", text=told(f"Réponse {number}"), is_right=is_right)


def note(*choices: Choice, question: Told | None = None) -> Note:
    return Note(title=told("Titre"), lesson=told("À savoir"), question=question, choices=choices)


def test_a_note_without_choices_asks_its_title_and_one_with_choices_its_question():
    assert note().asked.prompt.said_in(Language.FR) == "Titre"
    assert note().asked.choices == ()
    asked = note(choice(1, is_right=True), choice(2), question=told("Que faites-vous ?")).asked
    assert (asked.prompt.en, asked.takes_several, asked.key) == (
        "Que faites-vous ? (en)", False, {"choice-1"}
    )  # fmt: skip
    several = note(choice(1, is_right=True), choice(2), choice(3, is_right=True), question=told("Et là ?"))
    assert several.asked.takes_several
    assert notes.unknown(asked, ["choice-1", "choice-9"]) == {"choice-9"}


@pytest.mark.parametrize("right", [(False, False), (True, True)])
def test_choices_that_cannot_be_told_apart_are_refused(right):
    choices = tuple(choice(number, is_right=one) for number, one in enumerate(right))
    with pytest.raises(ValidationError):
        note(*choices, question=told("Que faites-vous ?"))
    with pytest.raises(ValidationError):
        note(choice(1, is_right=True), choice(2))


def test_every_question_that_ships_comes_back_with_its_key_and_its_whys():
    data = Path(str(files("onboarding"))) / "data/paths"
    shipped = [paths.read(file.read_text("utf-8")) for file in sorted(data.glob("*/*.yaml"))]
    questions = [one for path in shipped for module in path.modules for one in module.quiz]
    assert len(questions) > 50
    for question in questions:
        asked = notes.of_quiz(question)
        assert asked.key == question.key
        assert all(choice.why for choice in asked.choices)
        assert asked.takes_several is (question.kind is paths.QuestionKind.MULTIPLE)
