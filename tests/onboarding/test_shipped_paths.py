"""The paths that ship are complete: both languages, enough to read, quizzes that explain each option."""

import re
from importlib.resources import files

import pytest

from onboarding.content import Language
from onboarding.learning import attempts
from onboarding.learning.attempts import QuizAnswers
from onboarding.paths import paths
from onboarding.paths.blocks import every_text
from tests.onboarding.samples import SENTENCES

SHIPPED = [
    paths.read(edition.read_text("utf-8"))
    for folder in sorted(files("onboarding").joinpath("data/paths").iterdir(), key=lambda f: f.name)
    if folder.is_dir()
    for edition in folder.iterdir()
    if edition.name.endswith(".yaml")
]
MODULES = [(path, module) for path in SHIPPED for module in path.modules]
each_module = pytest.mark.parametrize(("path", "module"), MODULES, ids=lambda value: value.slug)


def test_the_three_paths_ship():
    assert [path.slug for path in SHIPPED] == [
        "first-calls",
        "homeworking-essentials",
        "leading-at-a-distance",
    ]
    assert [len(path.modules) for path in SHIPPED] == [7, 6, 6]


@each_module
def test_a_module_is_worth_a_sitting_in_both_languages(path, module):
    for language in Language:
        assert 500 <= module.words(language) <= 900
    assert 2 <= len(module.pages) <= 4
    assert 4 <= len(module.quiz) <= 6


@each_module
def test_the_average_time_told_is_one_that_a_reader_needs(path, module):
    """B1 readers take some 120 words a minute; the rest of the time is for trying things out."""
    read = module.words(Language.FR) + paths.quiz_words(module, Language.FR)
    assert read / 120 <= module.minutes <= 60


@each_module
def test_the_full_key_of_a_shipped_quiz_earns_everything(path, module):
    form = {question.slug: sorted(question.key) for question in module.quiz}
    answers = attempts.read(module, form, sentences=SENTENCES)
    assert isinstance(answers, QuizAnswers)
    result = attempts.mark(module, answers, sentences=SENTENCES)
    assert (result.percent, result.passed) == (100, True)


@each_module
def test_the_right_answer_is_not_always_in_the_same_place(path, module):
    places = {
        place for question in module.quiz for place, option in enumerate(question.options) if option.is_right
    }
    assert len(places) > 1


@each_module
def test_no_sentence_is_left_untranslated_or_written_for_a_machine(path, module):
    for page in module.pages:
        french, english = (tuple(every_text(page.blocks(language))) for language in Language)
        assert [b.kind for b in page.blocks(Language.FR)] == [b.kind for b in page.blocks(Language.EN)]
        for fr, en in zip((page.title.fr, *french), (page.title.en, *english), strict=True):
            well_said(fr, en)
    for question in module.quiz:
        for words in (question.text, *(w for o in question.options for w in (o.text, o.why))):
            well_said(words.fr, words.en)


def well_said(fr: str, en: str) -> None:
    assert fr != en or len(fr) < 20
    assert "!" not in fr + en
    assert not re.search(r"(échec|inapte|refusé)", fr, re.IGNORECASE)
    assert not re.search(r"[^\s\u00a0] [;:?!»]|« ", fr), fr
