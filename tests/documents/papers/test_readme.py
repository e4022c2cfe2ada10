from documents.law import Law
from documents.papers.shelf import PAPERS
from tests.documents.tables import README, written


def test_the_readme_says_what_the_data_say():
    """After a change of mentions or pictures: `python -m tests.documents.tables`."""
    text = README.read_text("utf-8")
    assert written(text) == text


def test_every_picture_of_the_readme_is_there():
    text = README.read_text("utf-8")
    named = [line.partition('src="')[2].partition('"')[0] for line in text.splitlines() if "<img" in line]
    assert len(named) > len(PAPERS)
    assert all((README.parent / name).is_file() for name in named)


def test_every_kind_that_is_signed_or_owed_has_its_mentions(law: Law):
    made_by_the_product = {"shortlist", "assessment_report", "scorecard"}
    assert {kind.value for kind in PAPERS} - {
        one.mentions.value for one in law.mentions
    } == made_by_the_product
