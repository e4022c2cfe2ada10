import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from assessments.matching.evaluation import average_precision, bm25, erp_share, ndcg_at, tfidf
from tests.assessments.matched import MATCHER, person, programme

QUERIES = ["appels entrants et factures", "chat support for devices"]
DOCUMENTS = ["appels entrants, factures, appels", "vente en magasin", "live chat support", ""]


def test_tfidf_equals_scikit_learn():
    vectorizer = TfidfVectorizer()
    vectorizer.fit([*QUERIES, *DOCUMENTS])
    theirs = (vectorizer.transform(QUERIES) @ vectorizer.transform(DOCUMENTS).T).toarray()

    assert np.allclose(tfidf(QUERIES, DOCUMENTS), theirs)


def test_bm25_puts_the_document_with_the_words_first_and_an_empty_one_at_nothing():
    scores = bm25(QUERIES, DOCUMENTS)

    assert scores.argmax(axis=1).tolist() == [0, 2]
    assert scores[:, 3].tolist() == [0, 0]


def test_bm25_by_hand_on_one_word():
    # N 2, n 1: idf ln(1 + 1.5/1.5) = ln 2; frequency 1, length equal to the mean: weight 2.5 / 2.5 = 1.
    assert bm25(["appels"], ["appels", "ventes"])[0].tolist() == pytest.approx([np.log(2), 0])


def test_a_perfect_order_is_one_and_nobody_to_find_is_none():
    assert ndcg_at([3, 2, 1, 0]) == 1
    assert ndcg_at([0, 0]) is None
    assert average_precision([1, 0]) is None


@given(st.lists(st.integers(0, 3), min_size=1, max_size=30))
def test_figures_stay_between_nothing_and_one(grades):
    assert ndcg_at(grades) is None or 0 <= ndcg_at(grades) <= 1 + 1e-9
    assert average_precision(grades) is None or 0 <= average_precision(grades) <= 1


def test_the_erp_formula_counts_a_level_at_most_twice_what_is_required():
    match = MATCHER.match(person(), programme(skills=[{"text": "tchat", "level": 2, "importance": "must"}]))
    level = (*match.met, *match.partial, *match.missing)[0].shown
    assert erp_share(match) == min(level, 4) / 2
    assert erp_share(MATCHER.match(person(), programme(skills=[]))) == 0
