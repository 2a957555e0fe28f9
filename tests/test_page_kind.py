import re

import pytest

from transforms.article.body import parse_html
from transforms.article.metadata import PageMetadata, read_metadata
from transforms.article.page_blocks import read_blocks
from transforms.article.page_kind import _settings, read_titles, show_blocks, weigh_page

PARAGRAPH = "The harbour council met on Monday to settle the price of herring for the coming year, its chair said after the vote."
PROSE = "\n".join(f"{PARAGRAPH} Item {number} passed without a vote." for number in range(8))
HEADLINE = "<h1>Herring goes up</h1>"
SHOP = "<button>Add to cart</button><p>In stock, free shipping.</p>"
POSTS = "".join(f"<div>ann wrote on {day} May 2025<p>I think so too.</p></div>" for day in range(1, 13))
LISTED = "".join(
    f"<li><a href='/{n}'>Story {n} of the harbour</a> <time>{n} May 2025</time></li>" for n in range(1, 15)
)


def weigh(head: str = "", body: str = HEADLINE, url: str | None = None, text: str = PROSE, attributes: str = ""):
    tree = parse_html(f"<html><head><title>Herring goes up</title>{head}</head><body {attributes}>{body}</body></html>")
    return weigh_page(tree, read_metadata(tree), text, url, read_blocks(tree.find(".//body")))


def ld(kind: str) -> str:
    return f'<script type="application/ld+json">{{"@type": "{kind}", "name": "Herring goes up"}}</script>'


@pytest.mark.parametrize(
    ("head", "body", "url", "text", "sign"),
    [
        (ld("Product"), SHOP, "https://fish.example/products/herring", "A tin of herring.", "product_type"),
        ("<meta property='og:type' content='product'>", SHOP, None, "A tin of herring.", "product_type"),
        (ld("DiscussionForumPosting"), POSTS, "https://fish.example/threads/herring.77/", "I think so too.", "forum_path"),
        (ld("QAPage"), POSTS, None, "I think so too.", "forum_type"),
        ("", LISTED, "https://fish.example/category/economy", "Story 1\nStory 2", "list_path"),
        ("", LISTED, "https://fish.example/?s=herring", "Story 1\nStory 2", "list_path"),
        ("", LISTED, "https://fish.example/2025/05/", "Story 1\nStory 2", "list_path"),
        ("", LISTED, None, "Story 1\nStory 2", "many_times"),
        (ld("ProfilePage"), LISTED, None, "Story 1\nStory 2", "profile_type"),
        (ld("CollectionPage"), LISTED, None, "Story 1\nStory 2", "list_type"),
        ("", HEADLINE, "https://fish.example/en/", "We smoke herring.", "front_page"),
        (ld("LocalBusiness"), HEADLINE, "https://fish.example/smoking", "We smoke herring. Call us.", "service_type"),
    ],
)  # fmt: skip
def test_what_is_no_article(head, body, url, text, sign):
    kind = weigh(head, body, url, text)
    assert sign in kind.signs
    assert not kind.is_article


@pytest.mark.parametrize(
    ("head", "body", "url"),
    [
        ("", HEADLINE, None),
        ("", "<p>Herring.</p>", "https://fish.example/77"),
        # Articles list others beside them, carry comments, and have a shop's or a forum's words around them.
        ("<meta property='og:type' content='article'><meta name='author' content='Ana Petrova'>", HEADLINE + LISTED + POSTS, "https://fish.example/news/herring-goes-up-again"),
        (ld("NewsArticle") + ld("ItemList"), HEADLINE + LISTED, "https://fish.example/news/herring-goes-up-again"),
        ("", HEADLINE + SHOP, "https://fish.example/herring-goes-up-again-today"),
        # The only page of a site is its front page too.
        ("", f"<article>{HEADLINE}</article>", "https://fish.example/"),
    ],
)  # fmt: skip
def test_what_may_be_an_article(head, body, url):
    assert weigh(head, body, url).is_article


@pytest.mark.parametrize(
    ("attributes", "sign"),
    [
        ("class='post-template-default single single-post'", "single_class"),
        ("class='archive category category-fish'", "list_class"),
        ("class='woocommerce single-product'", "shop_class"),
        ("id='phpbb'", "forum_program"),
        ("class='env-production'", None),
        ("class='research'", None),
    ],
)
def test_what_the_template_calls_itself(attributes, sign):
    found = weigh(attributes=attributes).signs & {"single_class", "list_class", "shop_class", "forum_program"}
    assert found == ({sign} if sign else set())


@pytest.mark.parametrize(
    ("url", "signs"),
    [
        ("https://fish.example/news/2025/05/herring-goes-up-again.html", {"news_path", "dated_path", "slug"}),
        ("https://fish.example/topics/alert20250519.html", set()),
        ("https://fish.example/topics/economy", {"list_path"}),
        ("https://fish.example/blog/2025/05/", {"list_path"}),
        ("https://fish.example/news/page/2", {"list_path"}),
        ("https://fish.example/community-development/grants", set()),
        ("https://community.fish.example/t/herring/4711", {"forum_path"}),
        ("https://fish.example/society/community/talks-of-the-day", {"slug"}),
        ("https://fish.example/thanks-to-the-forum/", {"slug"}),
        ("https://forum.fish.example/viewtopic.php?t=4711", {"forum_path"}),
        ("https://www.fish.example/forums/nets/", {"forum_path"}),
        ("https://fish.example/index.php?id=4711", set()),
        ("https://fish.example/index.php", {"root"}),
        ("", set()),
    ],
)
def test_what_the_address_says(url, signs):
    paths = {"news_path", "dated_path", "slug", "list_path", "forum_path", "product_path", "root"}
    assert weigh(url=url or None).signs & paths == signs


@pytest.mark.parametrize(
    ("title", "body", "sign"),
    [
        ("Terms of use - Harbour Post", "", "service_title"),
        ("Harbour Post", "<h1>Privacy policy</h1>", "service_title"),
        ("Impressum | Hafenpost", "", "service_title"),
        ("Mentions légales", "", "service_title"),
        ("Контакты", "", "service_title"),
        ("Search results for herring", "", "list_title"),
        ("Latest news", "", "list_title"),
        ("fishing Archives - Harbour Post", "", "list_title"),
        ("Politik - Hafenpost", "", "list_title"),
        ("Pesca: últimas noticias", "", "list_title"),
        ("Последние новости", "", "list_title"),
        ("Terms of use change for harbour users", "", None),
        ("About 300 fishermen march", "", None),
        ("Contact with ship lost", "", None),
        ("Politics of herring", "", None),
        ("Search continues for missing sailors", "", None),
        ("Search for missing sailors called off", "", None),
        ("Results anger fishermen", "", None),
        ("Ricerca italiana salva le aringhe", "", None),
        ("Archivo Nacional publica cartas del capitán", "", None),
        ("Автор книги о сельди умер", "", None),
        ("News travels slowly on the islands", "", None),
    ],
)
def test_what_the_title_says(title, body, sign):
    tree = parse_html(f"<html><head><title>{title}</title></head><body>{body}</body></html>")
    found = weigh_page(tree, read_metadata(tree), PROSE, None, []).signs & {"service_title", "list_title"}
    assert found == ({sign} if sign else set())


CARDS = "".join(
    f"<div><h3><a href='/{n}'>Story number {n} of the harbour</a></h3><p>{PARAGRAPH}</p></div>" for n in range(9)
)
LOGIN = "<form><input type='email'><input type='Password'></form>"
LONG = "".join(f"<p>{PARAGRAPH}</p>" for _ in range(12))


@pytest.mark.parametrize(
    ("body", "signs"),
    [
        (CARDS, {"scattered", "more_headlines", "teasers", "linked_headings", "no_run"}),
        (HEADLINE + LONG, {"run", "long_run"}),
        (HEADLINE + LONG + CARDS, {"run", "long_run", "teasers", "linked_headings"}),
        (LOGIN, {"login"}),
        (LOGIN + LONG, {"run", "long_run"}),
        ("<p>Posts: 12</p><p>Joined: May 2011</p>" * 3, {"posters"}),
        ("<a href='?p=2' rel='next'>Next</a><div class='page-numbers'></div>", {"paged", "pager"}),
        ("<p>€12,90</p><p>€ 13</p><p>$5</p><p>14 EUR</p><p>15 zł</p>", {"many_prices"}),
    ],
)
def test_what_the_layout_shows(body, signs):
    layout = {
        "scattered",
        "more_headlines",
        "teasers",
        "linked_headings",
        "no_run",
        "run",
        "long_run",
        "login",
        "posters",
    }
    assert weigh(body=body).signs & (layout | {"paged", "pager", "many_prices"}) == signs


@pytest.mark.parametrize(
    ("sign", "times", "said"),
    [
        (
            "calls",
            2,
            "Get a free quote|Book your free tour|Schedule a call|GET AN APPOINTMENT|Request a demo|Get in touch",
        ),
        ("calls", 2, "Start your free trial|Try it free|Contáctenos|Devamını oku|DEVAMINI OKU|Saber más|ЧИТАТЬ ДАЛЕЕ"),
        ("cart", 2, "Add to Wish list|BUY IT NOW|Out of stock|SKU 77|Choose an option|Buy now|Wishlistadd to bag"),
        ("posters", 4, "Posts: 12|MESSAGES 3|Beiträge: 44|Joined May|Сообщений: 5|Registered: 2011"),
        (
            "many_dates",
            10,
            "3rd May 2025|SEPTEMBER 4, 2025|2025-03-04|4/12/25|12.03.2025|3 HOURS ago|21 days ago|1 jan 1999",
        ),
        ("many_prices", 5, "€ 12|$5|12,90 EUR|77 zł|1.200 USD|£3|15 KR|₹ 400|9 РУБ"),
    ],
)
def test_what_is_counted_in_any_case(sign, times, said):
    for words in said.split("|"):
        assert sign in weigh(body=f"<p>{words}</p>" * times).signs, words
        assert sign not in weigh(body=f"<p>{words}</p>" * (times - 1)).signs, words


@pytest.mark.parametrize(
    ("sign", "said"),
    [
        ("calls", "The target started|A forget a quote|Our clientele|Bookings a tour|Recall now"),
        ("many_dates", "13rd Mai 2025|12025-03-04|4/12/2|1234 hours ago|marc 4, 1825"),
        ("many_prices", "A1234567890123456789 EUR|€ twelve|x5 kr"),
        ("cart", "Ausku 7|SKUs|Choose some options"),
    ],
)
def test_what_is_not_counted(sign, said):
    for words in said.split("|"):
        assert sign not in weigh(body=f"<p>{words}</p>" * 12).signs, words


def test_patterns_are_written_in_lower_case():
    for name, pattern in _settings()["patterns"].items():
        letters = re.sub(r"\\[A-Za-z]", "", pattern.pattern)
        assert letters == letters.lower().replace("ı", "i"), name


def test_who_takes_a_feed_wants_what_it_names():
    tree = parse_html(
        f"<html><head><title>Herring goes up</title>{ld('QAPage')}</head><body>{POSTS}{LONG}</body></html>"
    )
    page, blocks = read_metadata(tree), read_blocks(tree.find(".//body"))
    assert not weigh_page(tree, page, PROSE, "https://fish.example/77", blocks).is_article
    assert weigh_page(tree, page, PROSE, "https://fish.example/77", blocks, fed=True).is_article


def test_a_player_without_a_text_is_none():
    film = ld("VideoObject")
    assert "player" in weigh(film, HEADLINE).signs
    assert "player" not in weigh(film, HEADLINE + LONG).signs
    assert "player" not in weigh(film + ld("NewsArticle"), HEADLINE).signs


def test_whose_text_speaks_to_its_reader():
    offer = "We build boats for you.\nCall us, and our people will show you your new boat.\n" * 3
    assert "addressed" in weigh(text=offer).signs
    assert "addressed" not in weigh(text=PROSE).signs


def test_titles_with_and_without_the_site():
    tree = parse_html(
        "<html><head><title>News - Harbour Post</title></head><body><h1> Latest  news </h1></body></html>"
    )
    assert set(read_titles(tree, read_metadata(tree))) >= {"News - Harbour Post", "News", "Latest news"}
    tree = parse_html("<html><head><title>HARBOUR NEWS | Fish | Herring</title></head><body></body></html>")
    assert "HARBOUR NEWS" not in read_titles(tree, PageMetadata())


def test_only_the_beginning_is_shown():
    blocks = read_blocks(parse_html("<body><p>one</p><p>two</p><p>three</p></body>"))
    assert show_blocks(blocks) == "one\ntwo\nthree"
    assert show_blocks(blocks, limit=5) == "one\nt"


def test_a_page_without_a_body():
    assert weigh_page(parse_html("<p>x</p>"), PageMetadata(), "", None, []).is_article
