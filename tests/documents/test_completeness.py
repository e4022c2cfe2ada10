from datetime import date, time

import pytest

from documents.completeness import missing
from documents.facts import DayHours, Shift, TrialFacts, Weekday
from documents.faults import Fault
from documents.figures import reckon
from documents.kinds import DocumentKind
from documents.packs import check_pack

CONTRACT = DocumentKind.EMPLOYMENT_CONTRACT


def found(facts, law, kind=CONTRACT):
    wanted = law.requirements_on(date(2026, 11, 21))
    return missing(kind, facts, figures=reckon(facts, law), requirements=wanted)


def with_offer(facts, **changes):
    return facts.model_copy(update={"offer": facts.offer.model_copy(update=changes)})


def without(facts, path):
    *parents, last = path.split(".")
    if not parents:
        return facts.model_copy(update={last: None})
    child = without(getattr(facts, parents[0]), ".".join([*parents[1:], last]))
    return facts.model_copy(update={parents[0]: child})


def day(name, *shifts):
    return DayHours(day=name, shifts=tuple(Shift(start=time(*a), end=time(*b)) for a, b in shifts))


def test_the_three_example_hirings_lack_nothing(full_time, part_time, supervisor, law, issued_at):
    for facts in (full_time, part_time, supervisor):
        assert check_pack(facts, law=law, issued_at=issued_at) == ()


def test_every_requirement_of_the_list_is_named_when_it_is_absent(part_time, law):
    wanted = law.requirements_on(date(2026, 11, 21))
    below = with_offer(
        part_time, weekly_minutes=1200, has_asked_fewer_hours=True, fewer_hours_reason="études"
    )
    with_text = below.employer.model_copy(
        update={"telework_basis": "charter", "telework_basis_text": "charte"}
    )
    facts = below.model_copy(update={"employer": with_text})
    for item in wanted.items:
        for kind in item.kinds:
            empty = (
                ()
                if item.field in ("offer.duties", "offer.schedule", "offer.home_days", "offer.equipment")
                else None
            )
            stripped = (
                without(facts, item.field) if empty is None else with_offer(facts, **{item.field[6:]: ()})
            )
            named = [gap for gap in found(stripped, law, kind) if gap.fault is Fault.ABSENT]
            assert (item.field, item.article) in [(gap.field, gap.article) for gap in named], item


@pytest.mark.parametrize(
    "field",
    ["pension_fund", "welfare_insurer", "health_insurer", "occupational_health", "urssaf", "site_name"],
)
def test_what_the_employer_lacks_is_named_with_what_to_do(full_time, law, field):
    facts = full_time.model_copy(update={"employer": full_time.employer.model_copy(update={field: None})})
    gaps = found(facts, law)
    assert [gap.field for gap in gaps] == [f"employer.{field}"]
    assert gaps[0].remedy.endswith(".")


def test_an_unconfirmed_figure_stops_the_contract_until_a_named_person_vouches(full_time, law):
    gaps = found(full_time.model_copy(update={"confirmations": ()}), law)
    assert {gap.field for gap in gaps} == {
        "confirmations.smic/france/2026-06-01",
        "confirmations.grid-idcc-2098/140/2025-11-01",
    }
    assert {gap.fault for gap in gaps} == {Fault.UNCONFIRMED}


def test_a_confirmation_of_another_amount_confirms_nothing(full_time, law):
    first, second = full_time.confirmations
    wrong = full_time.model_copy(
        update={"confirmations": (first, second.model_copy(update={"amount_cents": second.amount_cents + 1}))}
    )
    assert [gap.field for gap in found(wrong, law)] == [f"confirmations.{second.figure}"]


def test_pay_under_the_minimum_is_named_with_the_minimum(full_time, law):
    (gap,) = found(with_offer(full_time, monthly_pay_cents=186701), law)
    assert gap.fault is Fault.BELOW_MINIMUM
    assert "1\u00a0867,02\u00a0€" in gap.remedy
    assert found(with_offer(full_time, monthly_pay_cents=186702), law) == ()


def test_a_trial_beyond_the_ceiling_is_named(full_time, part_time, law):
    assert found(with_offer(full_time, trial=TrialFacts(months=3)), law)[0].field == "offer.trial"
    assert found(with_offer(part_time, trial=TrialFacts(days=15)), law)[0].field == "offer.trial"


def test_a_renewable_trial_below_coefficient_170_is_named(full_time, law):
    (gap,) = found(with_offer(full_time, trial=TrialFacts(months=2, is_renewable=True)), law)
    assert gap.field == "offer.trial.is_renewable"


def test_a_fixed_term_may_last_eighteen_months_and_not_a_day_more(part_time, law):
    assert not found(with_offer(part_time, end_date=date(2028, 6, 6)), law)
    assert found(with_offer(part_time, end_date=date(2028, 6, 7)), law)[0].field == "offer.end_date"


def test_a_contract_that_ends_before_it_starts_is_named(part_time, law):
    gaps = found(with_offer(part_time, end_date=date(2026, 12, 1)), law)
    assert [gap.label for gap in gaps] == ["Le contrat finirait avant de commencer"]


def test_part_time_under_24_hours_needs_the_written_request(part_time, law):
    short = (
        day("monday", ((9, 0), (14, 0))),
        day("tuesday", ((9, 0), (14, 0))),
        day("thursday", ((9, 0), (15, 0))),
    )
    facts = with_offer(
        part_time, weekly_minutes=960, schedule=short, home_days=("monday",), monthly_pay_cents=100_000
    )
    assert {gap.field for gap in found(facts, law)} == {"offer.weekly_minutes", "offer.fewer_hours_reason"}
    asked = with_offer(facts, has_asked_fewer_hours=True, fewer_hours_reason="études à l'université")
    assert found(asked, law) == ()


def test_hours_that_do_not_add_up_are_named(full_time, law):
    (gap,) = found(with_offer(full_time, schedule=full_time.offer.schedule[:4], home_days=("monday",)), law)
    assert "28\u00a0h" in gap.label
    assert "35\u00a0h" in gap.label


@pytest.mark.parametrize(
    ("shifts", "words"),
    [
        ((((12, 0), (9, 0)),), "finit avant de commencer"),
        ((((9, 0), (13, 0)), ((12, 0), (15, 0))), "se chevauchent"),
        ((((8, 0), (19, 0)),), "10\u00a0h de travail"),
        ((((6, 0), (9, 0)), ((16, 0), (20, 0))), "13 h"),
        ((((9, 0), (12, 30)), ((13, 0), (16, 30))), "coupure de 45 minutes"),
        ((((8, 0), (10, 30)), ((11, 30), (16, 0))), "coupure de 45 minutes"),
    ],
)
def test_an_impossible_day_is_named(full_time, law, shifts, words):
    schedule = (day("monday", *shifts), *full_time.offer.schedule[1:])
    assert any(words in gap.label for gap in found(with_offer(full_time, schedule=schedule), law))


@pytest.mark.parametrize(
    "shifts",
    [
        (((9, 0), (11, 0)),),
        (((9, 0), (11, 30)), ((12, 0), (12, 30))),
        (((8, 0), (10, 0)), ((17, 0), (18, 0))),
        (((8, 0), (9, 0)), ((10, 0), (11, 0)), ((12, 0), (13, 0)), ((14, 0), (15, 0))),
    ],
)
def test_a_part_time_day_cut_to_pieces_is_named(part_time, law, shifts):
    schedule = (day("monday", *shifts), *part_time.offer.schedule[1:])
    gaps = found(with_offer(part_time, schedule=schedule), law)
    assert "CCN art. 23.2 et 23.3" in [gap.article for gap in gaps]


def test_a_short_night_between_two_days_is_named(full_time, law):
    late = day("monday", ((13, 0), (16, 0)), ((18, 0), (22, 0)))
    early = day("tuesday", ((8, 0), (12, 0)), ((13, 0), (16, 0)))
    facts = with_offer(full_time, schedule=(late, early, *full_time.offer.schedule[2:]))
    assert [gap.field for gap in found(facts, law)] == ["offer.schedule.tuesday"]


def test_an_afternoon_and_evening_need_no_midday_break(full_time, law):
    evening = day("friday", ((13, 0), (16, 30)), ((17, 0), (20, 30)))
    assert found(with_offer(full_time, schedule=(*full_time.offer.schedule[:4], evening)), law) == ()


def test_card_data_on_somebodys_own_computer_is_named(part_time, law):
    (gap,) = found(with_offer(part_time, uses_own_equipment=True), law)
    assert gap.field == "offer.uses_own_equipment"


def test_an_unknown_coefficient_is_named_in_words(full_time, law):
    gaps = found(with_offer(full_time, coefficient=145), law)
    assert "Minimum conventionnel, coefficient 145" in gaps[0].label


def test_a_home_day_must_be_a_day_worked(full_time, law):
    (gap,) = found(with_offer(full_time, home_days=(Weekday.SATURDAY,)), law)
    assert gap.field == "offer.home_days"


def test_a_date_without_figures_is_refused_in_words(full_time, law):
    gaps = found(with_offer(full_time, start_date=date(2032, 1, 5)), law)
    assert Fault.NO_FIGURE in {gap.fault for gap in gaps}


def test_a_name_that_the_fonts_cannot_write_is_named(full_time, law, issued_at):
    facts = full_time.model_copy(update={"person": full_time.person.model_copy(update={"last_name": "李"})})
    (gap,) = check_pack(facts, law=law, issued_at=issued_at)
    assert (gap.fault, gap.field) == (Fault.UNSHOWABLE, "person.last_name")
    assert "« 李 » (U+674E)" in gap.label


def test_somebody_under_sixteen_is_named(full_time, law):
    young = full_time.person.model_copy(update={"birth_date": date(2012, 1, 1)})
    (gap,) = found(full_time.model_copy(update={"person": young}), law)
    assert gap.field == "person.birth_date"


def test_an_empty_hiring_names_everything_and_never_fails(law, full_time, issued_at):
    nothing = type(full_time).model_validate({"employer": {}, "person": {}, "programme": {}, "offer": {}})
    gaps = check_pack(nothing, law=law, issued_at=issued_at)
    assert len(gaps) > 30
    assert len({(gap.field, gap.label) for gap in gaps}) == len(gaps)
