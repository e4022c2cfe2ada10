"""The way to a role: what is asked for, what is there, and which lessons lead on."""

from importlib.resources import files

import pytest

from onboarding.content import Label
from onboarding.continuous import careers
from onboarding.continuous.careers import Lesson, SkillStanding, WantedModule, Way
from onboarding.faults import FaultyFileError
from tests.onboarding.samples import SENTENCES, sample

PATHS = {"sample": sample()}
CLASS = Lesson(title=Label(fr="Animer", en="To lead"), minutes=120)
LISTENING = SkillStanding(skill="listening", asked=2, shown=1)


def way(*, done: set[tuple[str, str]] | None = None, skills=(), taught=(), unmet=()) -> Way:  # type: ignore[no-untyped-def]
    return careers.way(
        wanted=careers.modules_of((WantedModule(path="sample", module="first"),), PATHS),
        skills=skills,
        taught=taught,
        unmet=unmet,
        paths=PATHS,
        done=done or set(),
        sentences=SENTENCES,
    )


def test_a_whole_path_asks_for_each_of_its_modules_once() -> None:
    wanted = (
        WantedModule(path="sample", module="second"),
        WantedModule(path="sample"),
        WantedModule(path="gone"),
    )
    assert [module for _, module in careers.modules_of(wanted, PATHS)] == ["second", "first", "third"]


def test_modules_classes_and_practice_are_told_apart() -> None:
    found = way(skills=(LISTENING,), taught=(CLASS,), unmet=("listening",))
    assert (found.modules_left, found.classes_left, found.unmet) == (1, 1, ("listening",))
    assert found.minutes_left == 30 + 120
    assert [one.code for one in found.reasons] == ["career_modules", "career_classes", "career_practice"]


def test_a_lesson_that_is_asked_for_and_teaches_too_is_told_once() -> None:
    same = Lesson(path="sample", module="first", title=Label(fr="x", en="x"), minutes=30)
    assert len(way(skills=(LISTENING,), taught=(same,)).lessons) == 1


def test_it_is_reached_when_all_is_done_and_every_skill_is_shown() -> None:
    done = {("sample", "first")}
    assert not way(done=done, skills=(LISTENING,)).is_reached
    assert way(done=done, skills=(LISTENING.model_copy(update={"shown": 2}),)).is_reached


def test_a_map_that_asks_for_nothing_or_repeats_a_name_is_refused_whole() -> None:
    text = files("onboarding").joinpath("data/careers/2026-11.yaml").read_text("utf-8")
    assert [one.slug for one in careers.read(text).destinations] == ["tutor", "quality-listener", "team-lead"]
    with pytest.raises(FaultyFileError, match="already used"):
        careers.read(text.replace("slug: team-lead", "slug: tutor"))
