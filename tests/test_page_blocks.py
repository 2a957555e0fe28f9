import pytest

from transforms.article.body import parse_html
from transforms.article.page_blocks import MAX_BLOCKS, PageShape, ends_sentence, measure_shape, read_blocks

SENTENCE = "The harbour council settled the price of herring on Monday, after a debate that lasted until midnight."
CARD = f"<li><h3><a href='/1'>Herring goes up again this year</a></h3><p>{SENTENCE}</p></li>"


def blocks_of(body: str):
    return read_blocks(parse_html(f"<html><head><title>T</title></head><body>{body}</body></html>").find(".//body"))


def test_blocks_end_where_their_elements_do():
    blocks = blocks_of(
        "<div>One <b>two</b><!-- no --> three<p>four</p>five<script>no()</script> six</div><ul><li>seven<li>eight</ul>"
    )
    assert [block.text for block in blocks] == ["One two three", "four", "five six", "seven", "eight"]
    assert [block.words for block in blocks] == [3, 1, 2, 1, 1]


def test_links_in_blocks_and_blocks_in_links():
    inside, around, after = blocks_of(
        "<p>See <a href='/'>this page</a> now</p><a href='/'><h2>One two</h2></a><p>x</p>"
    )
    assert (inside.links, inside.linked) == (1, 8)
    assert (around.links, around.linked) == (1, 6)
    assert (after.links, after.linked) == (0, 0)


@pytest.mark.parametrize(
    ("html", "headline"),
    [
        ("<h2><a href='/1'>Herring goes up again</a></h2>", True),
        ("<a href='/1'><h2>Herring goes up again</h2></a>", True),
        ("<li><a href='/1'>今年のニシンの価格が上がる</a></li>", True),
        ("<h2>Herring goes up again</h2>", False),
        ("<li><a href='/fish'>Fish</a></li>", False),
        ("<div><a href='/fish'>Fish and nets</a> <a href='/ships'>Ships and men</a></div>", False),
        ("<p>The council met <a href='/1'>for the third time</a> on Monday.</p>", False),
    ],
)
def test_headlines_are_single_links(html, headline):
    assert [block.is_headline for block in blocks_of(html)] == [headline]


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("It met.", True),
        ("“It met.”", True),
        ("会議は終わった。", True),
        ("बैठक समाप्त हुई।", True),
        ("การประชุมสิ้นสุดลง", True),
        ("Fish and nets", False),
        ("3.5", False),
    ],
)
def test_ends_of_sentences_in_many_scripts(text, ends):
    assert ends_sentence(text) is ends


def test_an_article_runs_on_and_a_list_is_broken_by_headlines():
    words = len(SENTENCE.split())
    article = measure_shape(blocks_of(f"<h1>Herring</h1>{f'<p>{SENTENCE}</p>' * 6}<ul>{CARD * 3}</ul>"))
    assert article == PageShape(headlines=3, teasers=3, prose=9 * words, run=6 * words)
    assert measure_shape(blocks_of(f"<ul>{CARD * 9}</ul>")) == PageShape(9, 9, 9 * words, words)
    related = f"<p>{SENTENCE}</p><p><a href='/2'>Also read: the nets of the north</a></p>"
    assert measure_shape(blocks_of(related * 4)).run == 4 * words
    listed = f"<p><a href='/2'>Herring goes up again this year</a><br>{SENTENCE}</p>"
    assert measure_shape(blocks_of(listed * 4)).run == words
    assert measure_shape([]) == PageShape(0, 0, 0, 0)


def test_a_page_of_nothing_but_blocks_is_bounded():
    assert len(blocks_of("<p>x</p>" * (MAX_BLOCKS + 100))) == MAX_BLOCKS
