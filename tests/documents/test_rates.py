from datetime import date

import pytest

from documents import law as law_module
from documents import rates
from documents.rates import NoFigure, RatesError, find

HEAD = 'table: smic\nedition: "t"\ntitle: "t"\nrows:\n'


def row(start, end=None, **more):
    fields = {
        "valid_from": start,
        "valid_to": end,
        "hourly_cents": 1000,
        "source": "essai",
        "confidence": "V",
    } | more
    return (
        "  - {" + ", ".join(f"{key}: {value}" for key, value in fields.items() if value is not None) + "}\n"
    )


def test_overlapping_rows_are_named():
    with pytest.raises(RatesError, match="2020-01-01 overlaps 2020-06-01"):
        rates.read(HEAD + row("2020-01-01", "2020-12-31") + row("2020-06-01"))


def test_a_gap_is_named():
    with pytest.raises(RatesError, match="gap from 2020-06-01 to 2020-06-30"):
        rates.read(HEAD + row("2020-01-01", "2020-05-31") + row("2020-07-01"))


def test_all_faults_are_named_at_once():
    text = HEAD + row("2020-01-01", "2019-01-01") + row("2021-01-01", "2022-06-30") + row("2022-01-01")
    with pytest.raises(RatesError) as caught:
        rates.read(text)
    assert "ends before it starts" in str(caught.value)
    assert "overlaps" in str(caught.value)


@pytest.mark.parametrize(
    "bad", ["{", "table: smic", "[]", HEAD + row("2020-01-01", hourly_cents=0), HEAD + row("x")]
)
def test_a_file_that_is_not_a_table_is_refused(bad):
    with pytest.raises(RatesError):
        rates.read(bad)


def test_an_open_row_ends_the_day_before_the_next_begins():
    joined = rates.join(rates.read(HEAD + row("2020-01-01") + row("2021-01-01", hourly_cents=1100)).rows)
    assert find(joined, table="smic", on=date(2020, 12, 31), series="france").hourly_cents == 1000
    assert find(joined, table="smic", on=date(2021, 1, 1), series="france").hourly_cents == 1100


def test_a_new_year_is_a_new_file(law_texts):
    added = 'table: smic\nedition: "2027-01"\ntitle: "t"\nrows:\n' + row("2027-01-01", hourly_cents=1250)
    law = law_module.gather(law_texts | {"rates/smic/2027-01.yaml": added})
    assert find(law.smic, table="smic", on=date(2027, 1, 2), series="france").hourly_cents == 1250
    assert find(law.smic, table="smic", on=date(2026, 12, 31), series="france").hourly_cents == 1231
    assert "smic/2027-01" in law.editions


def test_a_broken_file_is_named(law_texts):
    with pytest.raises(RatesError, match=r"^rates/new\.yaml"):
        law_module.gather(law_texts | {"rates/new.yaml": "nonsense"})


def test_mayotte_has_its_own_smic(law):
    assert find(law.smic, table="smic", on=date(2026, 7, 1), series="mayotte").hourly_cents == 956
    assert isinstance(find(law.smic, table="smic", on=date(2025, 7, 1), series="mayotte"), NoFigure)


def test_the_income_tax_cap_is_232_days(law):
    for year in range(2021, 2027):
        found = find(law.tax_cap, table="telework-tax-cap", on=date(year, 6, 1))
        assert found.per_year_cents == 232 * found.per_day_cents


def test_every_shipped_row_names_its_source(law):
    for rows in (
        law.smic,
        law.allowance,
        law.tax_cap,
        law.grid,
        law.social_security_ceiling,
        law.meal_voucher,
    ):
        assert all(row.source for row in rows)
