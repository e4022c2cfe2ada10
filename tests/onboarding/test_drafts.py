"""A path while it is written: everything typed is kept, every gap has its place, and nothing is asked too early."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onboarding.content import Label, Language
from onboarding.faults import Fault
from onboarding.paths import drafts
from onboarding.paths.drafts import Draft, DraftModule, DraftOption, DraftPage, DraftQuestion, DraftWords
from onboarding.paths.paths import Attachment, Path
from tests.onboarding.samples import sample

DAY = date(2026, 11, 22)


def said(text: str) -> DraftWords:
    return DraftWords(fr=text)


def checked(draft: Draft) -> Path | tuple[Fault, ...]:
    return drafts.check(
        draft, slug="sample", edition="2026-11-22", valid_from=DAY, source="made for the tests"
    )


def places(draft: Draft) -> set[tuple[str, str]]:
    found = checked(draft)
    assert isinstance(found, tuple)
    return {(fault.where, fault.code) for fault in found}


def module(slug: str = "first", **more: object) -> DraftModule:
    return DraftModule(
        slug=slug, title=said("Premier"), purpose=said("Savoir"), minutes=20, due_days=1,
        pages=(DraftPage(slug="one", title=said("Une"), text=said("Lisez.")),),
    ).model_copy(update=more)  # fmt: skip


def draft(*modules: DraftModule, **more: object) -> Draft:
    return Draft(
        title=said("Titre"), purpose=said("But"), audience=said("Tous"), objectives=(said("Savoir"),),
        assistance=said("Écrivez"), modules=modules,
    ).model_copy(update=more)  # fmt: skip


def test_an_edition_becomes_a_draft_and_the_draft_the_same_edition():
    path = sample()
    again = drafts.check(
        Draft.of(path), slug=path.slug, edition=path.edition, valid_from=path.valid_from, source=path.source
    )
    assert again == path.model_copy(update={"confidence": drafts.CONFIDENCE})


def test_a_path_in_french_only_repeats_its_french_and_says_so():
    path = checked(draft(module()))
    assert isinstance(path, Path)
    assert path.languages == (Language.FR,)
    assert path.modules[0].pages[0].text.en == "Lisez."
    assert Draft.of(path).modules[0].title == said("Premier"), "what repeats is not taken for a translation"


def test_each_missing_sentence_is_a_gap_of_its_own_language():
    both = draft(module(), languages=(Language.FR, Language.EN))
    found = places(both)
    assert ("modules[0].pages[0].text.en", "string-too-short") in found
    assert not any(where.endswith(".fr") for where, _ in found)


def test_what_is_wrong_is_told_although_other_things_are_missing():
    first = module(title=said(""), minutes=None, prerequisites=("second",))
    second = module("second", prerequisites=("first", "ghost"))
    found = places(draft(first, second, objectives=()))
    assert {code for _, code in found} == {
        "string-too-short",
        "int-type",
        "too-short",
        "circle",
        "module-unknown",
    }


def test_nothing_to_do_and_a_pool_smaller_than_the_draw_are_gaps():
    assert ("modules[0].pages", "nothing-to-do") in places(draft(module(pages=())))
    assert ("modules[0].quiz_draw", "draw-too-many") in places(draft(module(quiz_draw=3)))
    assert isinstance(checked(draft(module(pages=(), live_minutes=90))), Path)


@pytest.mark.parametrize(("right", "code"), [((False, False), "one-right"), ((True, True), "one-right")])
def test_a_question_with_one_answer_needs_one_that_is_right(right, code):
    options = tuple(
        DraftOption(slug=f"o{n}", text=said("A"), why=said("Parce que"), right=is_right)
        for n, is_right in enumerate(right)
    )
    asked = module(quiz=(DraftQuestion(slug="q", text=said("Quoi ?"), options=options),))
    assert places(draft(asked)) == {("modules[0].quiz[0].options", code)}


def test_a_module_taken_out_is_waited_for_by_none():
    left = draft(module(), module("second", prerequisites=("first",))).without_module("first")
    assert [one.prerequisites for one in left.modules] == [()]


def test_parts_move_and_stay_whole():
    pages = tuple(DraftPage(slug=name) for name in ("a", "b", "c"))
    assert [one.slug for one in drafts.moved(pages, "c", by=-1)] == ["a", "c", "b"]
    assert drafts.moved(pages, "a", by=-1) == pages
    assert drafts.moved(pages, "nowhere", by=1) == pages


def test_a_picture_shown_in_a_page_is_not_offered_beside_it():
    kept = {
        name: Attachment(
            name=name, sha256="0" * 64, media_type=kind, size=1, title={"fr": name, "en": name}
        )
        for name, kind in (("poste.png", "image/png"), ("plan.png", "image/png"), ("guide.pdf", "application/pdf"))
    }  # fmt: skip
    page = DraftPage(slug="one", title=said("Une"), text=said("![Un poste](poste.png)"))
    path = checked(draft(module(pages=(page,), files=tuple(kept.values()))))
    assert isinstance(path, Path)
    assert [file.name for file in path.modules[0].downloads] == ["plan.png", "guide.pdf"]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80), st.text(max_size=80), st.integers(0, 10_000), st.booleans())
def test_whatever_is_typed_is_told_about_and_never_breaks(text, title, number, in_english):
    page = DraftPage(slug="one", title=said(title), text=said(text))
    written = draft(
        module(pages=(page,), minutes=number, due_days=number, quiz_draw=number),
        languages=(Language.FR, Language.EN) if in_english else (Language.FR,),
    )
    found = checked(written)
    assert isinstance(found, Path) or all(fault.code and fault.what for fault in found)


def test_a_draft_offers_to_keep_what_its_pages_do_not_show_as_learners_will_find_it():
    drawn, kept = (
        Attachment(name=name, title=Label(fr=name, en=name), media_type="image/png", size=10, sha256="0" * 64)
        for name in ("drawn.png", "kept.png")
    )
    page = DraftPage(slug="one", title=said("Une"), text=said("![Un carré](drawn.png)"))
    written = module(pages=(page,), files=(drawn, kept))
    assert written.downloads == (kept,)
    path = checked(draft(written))
    assert isinstance(path, Path)
    assert path.modules[0].downloads == written.downloads
