import pytest

from transforms.article.body import _paragraphs, clean_paragraphs, extract_body, parse_html, prune_tree, tidy_paragraphs
from transforms.article.furniture import is_caption, is_label, is_notice
from transforms.article.metadata import PageMetadata

PARAGRAPHS = [
    "The harbour council met on Monday to settle the price of herring for the coming year, its chair said.",
    "Fishermen had asked for a rise of ten per cent, which the council called reasonable after a poor season.",
    "The new price takes effect in January and will be looked at again when the spring catch is known.",
]


def page(*parts: str) -> str:
    return f"<html><body><nav><a href='/'>Home</a></nav><article>{''.join(parts)}</article></body></html>"


def test_paragraphs_are_kept_as_lines():
    html = page("<h1>Price of herring</h1>", *(f"<p>{text}</p>" for text in PARAGRAPHS))
    assert extract_body(parse_html(html), PageMetadata(title="Price of herring")) == "\n".join(PARAGRAPHS)


def test_comments_inside_a_sentence_lose_nothing():
    broken = PARAGRAPHS[0].replace(" ", " <!-- -->", 6)
    html = page(f"<p>{broken}</p>", *(f"<p>{text}</p>" for text in PARAGRAPHS[1:]))
    assert extract_body(parse_html(html), PageMetadata()) == "\n".join(PARAGRAPHS)


def test_link_paragraphs_and_link_lists_are_left_out():
    tree = parse_html(
        page(
            f"<p>{PARAGRAPHS[0]}</p>",
            "<p>Read more: <a href='/x'>Storm closes the northern pier</a></p>",
            "<ul><li><a href='/1'>One more story</a></li><li><a href='/2'>Another story</a></li><li><a href='/3'>A third</a></li></ul>",
            "<ul><li>Cod: five crowns</li><li><a href='/h'>Herring</a>: seven crowns a kilo, up from six</li><li>Eel: nine</li></ul>",
            f"<p>{PARAGRAPHS[1]} <a href='/y'>Background</a></p>",
        )
    )
    prune_tree(tree)
    text = tree.text_content()
    assert "Storm closes" not in text
    assert "Another story" not in text
    assert "Background" in text
    assert "seven crowns" in text


def test_the_whole_in_jsonld_replaces_a_half():
    half = page(f"<p>{PARAGRAPHS[0]}</p>")
    whole = "\n".join(PARAGRAPHS * 3)
    text = extract_body(parse_html(half), PageMetadata(body=whole))
    assert text == "\n".join(PARAGRAPHS)


def test_a_body_of_other_words_in_jsonld_does_not():
    half = page(*(f"<p>{text}</p>" for text in PARAGRAPHS))
    other = "Cookies help this site to work and to remember you. " * 60
    assert extract_body(parse_html(half), PageMetadata(body=other)) == "\n".join(PARAGRAPHS)


def test_a_page_of_countless_elements_gives_its_plain_paragraphs(monkeypatch):
    text = [f"{line} It was the {number}th time." for number, line in enumerate(PARAGRAPHS * 3)]
    html = page(
        *(f"<p>{line}</p><hr>" for line in text),
        "<nav><p>Read the news of the harbour and of the sea here today.</p></nav>",
    )
    monkeypatch.setattr("transforms.article.body.MAX_ELEMENTS", 10)
    assert extract_body(parse_html(html), PageMetadata()) == "\n".join(text)


def test_paragraphs_that_were_missed_are_taken_where_they_are_most():
    lines = [f"{line} It was the {number}th time." for number, line in enumerate(PARAGRAPHS * 9)]
    shelves = "".join(
        f"<section><div><h4>Shelf {number}</h4><p>{line}</p></div></section>" for number, line in enumerate(lines)
    )
    beside = "".join(f"<div class='comment-body'><p>{line} I said so before!</p></div>" for line in PARAGRAPHS * 9)
    tree = parse_html(page(shelves, beside))
    assert _paragraphs(tree) == lines


@pytest.mark.parametrize("marks", ["caption", "wp-caption-text", "imageCaption", "photo-credit", "media__caption"])
def test_captions_by_class_are_left_out(marks):
    html = page(
        *(f"<p>{text}</p>" for text in PARAGRAPHS),
        f"<p class='{marks}'>The chair on the pier after the long meeting on Monday</p>",
    )
    assert extract_body(parse_html(html), PageMetadata()) == "\n".join(PARAGRAPHS)


def test_a_paragraph_that_is_captioned_is_none():
    html = page(*(f"<p class='captioned'>{text}</p>" for text in PARAGRAPHS))
    assert extract_body(parse_html(html), PageMetadata()) == "\n".join(PARAGRAPHS)


def test_scripts_inside_paragraphs_are_no_text():
    html = page(
        f"<p><script>var herring = 'dear dear dear dear dear';</script>{PARAGRAPHS[0]}<style>p {{ color: red }}</style></p>"
    )
    tree = parse_html(html)
    prune_tree(tree)
    assert _paragraphs(tree) == [PARAGRAPHS[0]]


def test_repeated_titles_and_machine_values_are_left_out():
    title = "Price of herring goes up"
    text = "\n".join(
        [
            PARAGRAPHS[0],
            *PARAGRAPHS,
            "A",
            "B",
            title,
            PARAGRAPHS[1],
            title,
            "2025-12-24T10:00:00+01:00",
            "https://wire.example/a.jpg",
        ]
    )
    kept = clean_paragraphs(text, PageMetadata(title=title)).split("\n")
    assert kept == [*PARAGRAPHS, "A", "B", title]


def test_clean_paragraphs_drops_title_furniture_and_repetitions():
    text = "\n".join(
        ["Price of herring", "Share this article", PARAGRAPHS[0], PARAGRAPHS[0], "- A point", "-", "Advertisement"]
    )
    assert (
        clean_paragraphs(text, PageMetadata(title="Herring dearer", heading="Price of Herring"))
        == f"{PARAGRAPHS[0]}\nA point"
    )


def test_tidy_paragraphs_folds_space():
    assert tidy_paragraphs("  a\u00a0 b \r\n\r\n\tc  ") == "a b\nc"


LABELS = [
    "Views: 306", "1,204 views", "Share", "Share on Facebook", "share this story", "Print", "Copy link", "Facebook", "Play Market", "Advertisement",
    "Read more", "Read more »", "Related stories", "Most read", "Tags:", "Sign in", "Subscribe", "4 min read", "A+", "night_theme", "search",
    "WHAT ARE YOU LOOKING FOR ?", "Leave a comment", "3 of 12", "___",
]  # fmt: skip
NOTICES = [
    "Sign up for our free newsletter to get the day's stories.", "Get the latest news delivered to your inbox.", "Follow us on Instagram",
    "Liked the story? Share it on social media!", "© 2025 Harbour Post. All rights reserved.", "Copyright Harbour Post",
    "This material may not be published, broadcast or redistributed.", "Read more: Storm closes the pier",
    "Any use of its texts is allowed only with a hyperlink", "We use cookies to improve our site.",
    "Have a tip? Write to the newsroom at tips@wire.example", "We may earn a commission if you buy through our links.",
]  # fmt: skip
CAPTIONS = ["The pier after the storm. Photo: A. Maker", "Two boats at dawn. (AP Photo/A. Maker)", "Pictured from left, the three chairs",
            "A boat (Image: Harbour Post)", "Herring on a market stall. Credit: A. Maker/Shutterstock"]  # fmt: skip
PROSE = [
    "The minister said the two sides would share the cost.", "Follow the money, the auditor told the council.", "He read more than four hundred letters.",
    "Views differ on the price of herring.", "Prime Minister Ana Petrova said trade would grow.", "Sources:", "Share prices fell by three per cent on Monday.",
    "Get the council to agree first, she said.", "The photo was taken on Monday, police said.", "Related companies withdrew from the project.",
    "More exports and fewer imports brought the surplus.", "The company's copyright claim was dismissed.", "Print runs fell to nine thousand copies last year.",
]  # fmt: skip


@pytest.mark.parametrize("line", LABELS)
def test_labels(line):
    assert is_label(line)


@pytest.mark.parametrize("line", NOTICES)
def test_notices(line):
    assert is_notice(line)


@pytest.mark.parametrize("line", CAPTIONS)
def test_captions(line):
    assert is_caption(line)


@pytest.mark.parametrize("line", [line for line in PROSE if line != "Sources:"])
def test_sentences_are_no_furniture(line):
    assert not is_label(line)
    assert not is_notice(line)
    assert not is_caption(line)


@pytest.mark.parametrize(
    "line",
    ["1.2.3.4.5." * 12, "in " * 40 + "é", "related from in on " * 6, "share on " * 13 + "!é", "a" * 600, "© " * 60],
)
@pytest.mark.timeout(10)
def test_no_line_makes_the_patterns_run_away(line):
    assert isinstance(is_label(line) or is_notice(line) or is_caption(line), bool)
