"""Markdown becomes blocks: words are kept, nothing of it is HTML, and no text leads the reader astray."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onboarding.content import Language
from onboarding.paths import markdown
from onboarding.paths.blocks import (
    Callout,
    Code,
    Dialogue,
    Heading,
    Image,
    Items,
    Paragraph,
    Quote,
    Table,
    Tone,
    Video,
    every_block,
    every_text,
    said,
)
from onboarding.paths.pages import Page, faults_in

MARKS = st.text(st.sampled_from("ab >#-*_`[]()!<&;:|\\\n1. \téà«\u2028"), max_size=200)


def only(text: str) -> object:
    (block,) = markdown.read(text)
    return block


def words(text: str) -> list[str]:
    return " ".join(every_text(markdown.read(text))).split()


def test_what_authors_write_most_is_read():
    kinds = [
        block.kind for block in markdown.read("# A\n\nB\n\n- c\n- d\n\n1. e\n\n> f\n\n---\n\n```\ng\n```")
    ]
    assert kinds == ["heading", "paragraph", "list", "list", "quote", "divider", "code"]


@pytest.mark.parametrize(
    ("mark", "tone"),
    [
        ("TIP", Tone.TIP),
        ("Conseil", Tone.TIP),
        ("règle", Tone.RULE),
        ("NOTE", Tone.RULE),
        ("ATTENTION", Tone.WARNING),
    ],
)
def test_a_quote_with_a_mark_is_a_callout_in_either_language(mark, tone):
    block = only(f"> [!{mark}]\n> Un **mot**.\n>\n> - deux")
    assert isinstance(block, Callout)
    assert (block.tone, [inside.kind for inside in block.blocks]) == (tone, ["paragraph", "list"])


def test_a_dialogue_keeps_who_speaks_apart_from_what_is_said():
    block = only("> [!DIALOGUE]\n> **Vous** : Un instant : je lis.\n> Je vous écoute.\n>\n> Client: Merci.")
    assert isinstance(block, Dialogue)
    assert [(line.who, said(line.spans)) for line in block.lines] == [
        ("Vous", "Un instant : je lis. Je vous écoute."),
        ("Client", "Merci."),
    ]


def test_a_picture_stands_by_itself_and_a_film_is_a_link_to_open():
    before, picture, after = markdown.read('Voici ![Un poste](poste.png "Le vôtre") ainsi.')
    assert isinstance(before, Paragraph)
    assert isinstance(picture, Image)
    assert isinstance(after, Paragraph)
    assert (picture.file, picture.words, picture.caption) == ("poste.png", "Un poste", "Le vôtre")
    film = only('[S’asseoir](https://www.film.example/1 "vidéo 4:30")')
    assert isinstance(film, Video)
    assert (film.host, film.length) == ("film.example", "4:30")


def test_tables_and_nested_lists_keep_their_shape():
    table = only("| Code | Sens |\n|---|---|\n| A1 | **Rappel** |")
    assert isinstance(table, Table)
    assert [said(cell) for cell in (*table.head, *table.rows[0])] == ["Code", "Sens", "A1", "Rappel"]
    outer = only("- un\n  - deux\n- trois")
    assert isinstance(outer, Items)
    assert [block.kind for block in outer.items[0]] == ["paragraph", "list"]


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "//evil.example",
        "http://clear.example", "file:///etc/passwd", "https://", "java\tscript:x", "https:evil",
    ],
)  # fmt: skip
def test_no_link_leads_where_no_page_may(href):
    blocks = markdown.read(f"[ici]({href}) et <{href}>")
    runs = [span for block in every_block(blocks) if isinstance(block, Paragraph) for span in block.spans]
    assert not any(span.href for span in runs)
    assert not any(isinstance(block, Video) for block in markdown.read(f'[f]({href} "vidéo")'))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Un <b>mot</b>", "html"),
        ("<script>alert(1)</script>", "html"),
        ("[ici](javascript:alert(1))", "link-refused"),
        ("[ici](http://a.example)", "link-refused"),
        ("> [!ASTUCES]\n> Un mot", "mark-unknown"),
        ("> [!DIALOGUE]\n> sans personne", "dialogue-unread"),
    ],
)
def test_what_will_not_become_what_its_author_meant_is_told(text, code):
    assert code in {problem.code for problem in markdown.problems_in(text)}


@pytest.mark.parametrize(
    "text", ["moins de 3 < 5", "a <3", "`<b>`", "[site](https://a.example)", "> [!TIP]\n> oui"]
)
def test_what_is_well_written_is_left_alone(text):
    assert markdown.problems_in(text) == ()


def test_html_is_shown_as_it_was_written():
    assert words("Un <b onclick=x>mot</b>") == ["Un", "<b", "onclick=x>mot</b>"]
    assert isinstance(only("```\n<script>\n```"), Code)


@settings(max_examples=150, deadline=None)
@given(MARKS)
def test_any_text_is_read_and_told_about(text):
    markdown.read(text)
    markdown.problems_in(text)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.from_regex(r"[a-zé]{1,8}", fullmatch=True), min_size=1, max_size=30), st.integers(0, 12))
def test_no_word_is_lost_whatever_it_is_nested_in(said_words, depth):
    for opener in ("> ", "- ", "1. ", "> - "):
        assert words(opener * depth + " ".join(said_words))[-len(said_words) :] == said_words


@pytest.mark.parametrize(
    "text",
    [
        ">" * 400 + " mot",
        "> " * 400 + "mot",
        "- " * 400 + "mot",
        "1. " * 400 + "mot",
        "\n".join("  " * depth + "- mot" for depth in range(400)),
        "[" * 20_000 + "mot",
        "![" * 10_000 + "mot",
        "*a " * 10_000 + "mot",
        "`" * 20_000 + " `` mot",
        "<" * 20_000 + "mot",
        "&" * 20_000 + "mot",
        "|" * 10_000 + "\n" + "|-" * 10_000 + "\nmot",
        "mot " * 25_000,
        "\n" * 40_000 + "mot",
        "# " * 10_000 + "mot",
        "\\" * 20_000 + "mot",
        "(" * 10_000 + "](" * 5_000 + "mot",
    ],
)
def test_hostile_text_is_read_and_keeps_its_words(text):
    read = " ".join(every_text(markdown.read(text[: markdown.MAXIMUM_CHARACTERS])))
    assert "mot" in read or len(text) > markdown.MAXIMUM_CHARACTERS


def page(text: str) -> Page:
    return Page.model_validate(
        {"slug": "p", "title": {"fr": "T", "en": "T"}, "text": {"fr": text, "en": "Text"}}
    )


def test_a_picture_must_be_among_the_files_and_say_what_it_shows():
    files = {"poste.png": "image/png", "guide.pdf": "application/pdf"}
    told = [
        fault.code
        for text in ("![Un poste](poste.png)", "![](poste.png)", "![x](absent.png)", "![x](guide.pdf)")
        for fault in faults_in(page(text), "pages[0]", files=files)
    ]
    assert told == ["picture-words", "picture-unknown", "picture-not"]


def test_a_page_counts_its_words_without_its_marks():
    assert page("## Deux mots\n\n> [!TIP]\n> **Trois** mots [ici](https://a.example)").words(Language.FR) == 6


def test_headings_stay_below_the_title_of_the_page():
    levels = [b.level for b in markdown.read("# a\n\n## b\n\n### c\n\n###### d") if isinstance(b, Heading)]
    assert levels == [2, 2, 3, 3]


def test_a_quote_without_a_mark_is_a_quote():
    assert isinstance(only("> Écouter, c’est attendre."), Quote)
