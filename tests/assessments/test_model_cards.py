"""The cards of the shipped questionnaires: whole, fitting, and refused where they do not fit."""

from datetime import timedelta
from importlib.resources import files

import pytest

from assessments.editions import EditionError
from assessments.questionnaires.instruments import Instrument
from assessments.questionnaires.model_cards import faults_against, read
from service.runtime.editions import load_editions

SOURCE = files("assessments").joinpath("data/model-cards/work-organisation/2026-11.yaml").read_text("utf-8")
EDITIONS = load_editions()


@pytest.mark.parametrize("instrument", EDITIONS.instruments.values(), ids=lambda one: one.slug)
def test_every_shipped_edition_has_a_card_that_fits_it(instrument: Instrument) -> None:
    card = EDITIONS.model_cards[instrument.slug, instrument.edition]
    assert faults_against(card, instrument) == ()
    assert card.next_review - card.valid_from <= timedelta(days=366)


def test_a_scale_without_a_link_to_the_work_is_named() -> None:
    instrument = EDITIONS.instruments["work-organisation", "2026-11"]
    card = read(SOURCE)
    short = card.model_copy(update={"job_links": card.job_links[1:]})
    assert [fault.message for fault in faults_against(short, instrument)] == [
        "planning has no link to the work"
    ]
    other = EDITIONS.instruments["home-workplace", "2026-11"]
    assert any("another edition" in fault.message for fault in faults_against(card, other))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("next_review: 2027-10-31", "next_review: 2028-10-31"),
        ("- scale: initiative", "- scale: planning"),
        ("experts: 0", "experts: -1"),
        ("out_of_scope:", "beyond:"),
    ],
)
def test_a_faulty_card_is_refused(old: str, new: str) -> None:
    with pytest.raises(EditionError):
        read(SOURCE.replace(old, new))
