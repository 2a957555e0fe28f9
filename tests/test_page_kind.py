import pytest

from transforms.article.body import parse_html
from transforms.article.metadata import PageMetadata, read_metadata
from transforms.article.page_kind import read_visible, weigh_page

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
    return weigh_page(tree, read_metadata(tree), text, url)


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


def test_who_takes_a_feed_wants_what_it_names():
    tree = parse_html(f"<html><head><title>Herring goes up</title>{ld('QAPage')}</head><body>{HEADLINE}</body></html>")
    page = read_metadata(tree)
    assert not weigh_page(tree, page, PROSE, "https://fish.example/77").is_article
    assert weigh_page(tree, page, PROSE, "https://fish.example/77", fed=True).is_article


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
        ("https://fish.example/index.php?id=4711", set()),
        ("https://fish.example/index.php", {"root"}),
        ("", set()),
    ],
)
def test_what_the_address_says(url, signs):
    paths = {"news_path", "dated_path", "slug", "list_path", "forum_path", "product_path", "root"}
    assert weigh(url=url or None).signs & paths == signs


def test_visible_text_and_the_share_of_links():
    tree = parse_html("<body><p>One two</p><script>no()</script> tail <a href='/'>four</a><!-- no --></body>")
    assert read_visible(tree) == ("One two tail four", 15, 4)


def test_a_page_without_a_body():
    assert weigh_page(parse_html("<p>x</p>"), PageMetadata(), "", None).is_article
