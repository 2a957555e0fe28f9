import pytest

from schemas.source import SourceSettings
from transforms.read.errors import ParseError
from transforms.read.feedlist import (
    ListedFeed,
    Refused,
    address_key,
    decode_list,
    feed_address,
    is_text_list,
    read_text_list,
)
from transforms.read.opml import read_opml
from transforms.read.yamllist import read_yaml_list


def opml(outlines: str, head: str = "") -> bytes:
    return f'<?xml version="1.0"?>{head}<opml version="2.0"><head/>\n<body>\n{outlines}\n</body></opml>'.encode()


def urls(rows) -> list[str]:
    return [row.url for row in rows if isinstance(row, ListedFeed)]


def refusals(rows) -> list[tuple[int, str]]:
    return [(row.line, row.reason) for row in rows if isinstance(row, Refused)]


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://a.example/rss", "https://a.example/rss"),
        ("feed:https://a.example/rss", "https://a.example/rss"),
        ("feed://a.example/rss", "https://a.example/rss"),
        ("FEED:a.example/rss", "https://a.example/rss"),
        ("//a.example/rss", "https://a.example/rss"),
        (" http://a.example/\n", "http://a.example/"),
    ],
)
def test_addresses(text, url):
    assert feed_address(text) == url


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not-an-address"),
        ("a.example/rss", "not-an-address"),
        ("a.example:8080/rss", "not-an-address"),
        ("/rss.xml", "not-an-address"),
        ("https://", "not-an-address"),
        ("https:///rss", "not-an-address"),
        ("https://a.example/r s", "not-an-address"),
        ("https://[::1/rss", "not-an-address"),
        ("https://a.example:port/", "not-an-address"),
        ("file:///etc/passwd", "address-refused"),
        ("ftp://a.example/rss", "address-refused"),
        ("javascript:alert(1)", "address-refused"),
        ("gopher://a.example/", "address-refused"),
    ],
)
def test_refused_addresses(text, reason):
    with pytest.raises(ParseError) as caught:
        feed_address(text)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("HTTPS://A.Example/rss", "https://a.example/rss"),
        ("https://a.example:443/rss", "https://a.example/rss"),
        ("https://a.example/rss#news", "https://a.example/rss"),
        ("http://a.example", "http://a.example/"),
    ],
)
def test_two_spellings_of_one_address(one, other):
    assert address_key(one) == address_key(other)


@pytest.mark.parametrize("other", ["https://a.example/rss?x=1", "https://a.example/RSS", "http://a.example/rss"])
def test_two_addresses(other):
    assert address_key("https://a.example/rss") != address_key(other)


def test_text_list():
    text = "# our feeds\n\nhttps://a.example/rss\nfeed:b.example/rss  # the other\nhttps://\nhttps://a.example/\tb\n"
    rows = list(read_text_list(text))
    assert urls(rows) == ["https://a.example/rss", "https://b.example/rss"]
    assert refusals(rows) == [(5, "not-an-address"), (6, "not-an-address")]


@pytest.mark.parametrize(
    ("text", "is_list"),
    [
        ("https://a.example/rss\n# x\n\nhttp://b.example/rss\n", True),
        ("https://a.example/rss\nb.example\nhttps://c.example/rss", True),
        ("javascript:alert(1)", True),
        ("Harbour reopens\nhttps://a.example/rss\nThe harbour reopened on Monday.", False),
        ("# only a comment", False),
        ("", False),
        ("Note: https://a.example/rss is our feed", False),
    ],
)
def test_what_is_a_text_list(text, is_list):
    assert is_text_list(text) is is_list


def test_opml_folders_lend_their_settings():
    rows = list(
        read_opml(
            opml(
                '<outline text="World" type="rss" language="fr">\n'
                '<outline text="A" type="RSS" xmlUrl="https://a.example/rss" outlet="Alpha" timezone="Europe/Paris"/>\n'
                '<outline title="Inner"><outline XMLURL="https://b.example/rss" category="Trade"/>'
                '<outline xmlUrl="https://d.example/rss"/></outline>\n'
                "</outline>\n"
                '<outline type="atom" url="https://c.example/atom"/>'
            )
        )
    )
    assert [(row.url, row.settings) for row in rows] == [
        (
            "https://a.example/rss",
            SourceSettings("Alpha", "fr", "Europe/Paris", category="World", title="A"),
        ),
        ("https://b.example/rss", SourceSettings(language="fr", category="Trade")),
        ("https://d.example/rss", SourceSettings(language="fr", category="World/Inner")),
        ("https://c.example/atom", SourceSettings()),
    ]


def test_opml_defaults_yield_to_the_list():
    (row,) = read_opml(opml('<outline xmlUrl="https://a.example/rss" outlet="A"/>'), SourceSettings("B", "de"))
    assert row.settings == SourceSettings("A", "de")


@pytest.mark.parametrize(
    ("outlines", "found", "refused"),
    [
        ('<outline xmlUrl="https://a.example/?x=1&y=2"/>', ["https://a.example/?x=1&y=2"], []),
        ('<outline text="Caf&eacute; & co" xmlUrl="https://a.example/"/>', ["https://a.example/"], []),
        ('<outline text="x < y" xmlUrl="https://a.example/"/>', ["https://a.example/"], []),
        ('<outline text="no address" type="rss"/>', [], [(3, "not-an-address")]),
        ('<outline text="empty" xmlUrl=""/>', [], [(3, "not-an-address")]),
        (
            '\n<outline xmlUrl="/rss"/><outline xmlUrl="https://a.example/"/>',
            ["https://a.example/"],
            [(4, "not-an-address")],
        ),
        ('<outline xmlUrl="file:///etc/passwd"/>', [], [(3, "address-refused")]),
        ('<outline type="link" url="https://a.example/page"/>', [], [(3, "not-an-address")]),
        (
            '<outline xmlUrl="https://a.example/"><outline text="child" type="rss"/></outline>',
            ["https://a.example/"],
            [(3, "not-an-address")],
        ),
        ('<outline text="folder" type="rss"><outline xmlUrl="https://a.example/"/>', ["https://a.example/"], []),
        ('<outline xmlUrl="https://a.example/"/><outline xmlUrl="https://b.exam', ["https://a.example/"], None),
    ],
)
def test_opml_as_it_is_found(outlines, found, refused):
    rows = list(read_opml(opml(outlines)))
    assert urls(rows) == found
    if refused is not None:
        assert refusals(rows) == refused


@pytest.mark.parametrize(
    ("outline", "row"),
    [
        ('xmlUrl="/rss?x=1" htmlUrl="https://a.example/news/"', "https://a.example/rss?x=1"),
        ('xmlUrl="../rss" htmlUrl="https://a.example/news/"', "https://a.example/rss"),
        ('xmlUrl="/rss" htmlUrl="javascript:x"', "not-an-address"),
        ('xmlUrl="/rss" htmlUrl="https://[a.example/"', "not-an-address"),
        ('xmlUrl="a.example/rss" htmlUrl="https://a.example/"', "not-an-address"),
        ('type="HTML+XPath" xmlUrl="https://a.example/"', "not-a-feed"),
    ],
)
def test_opml_addresses(outline, row):
    (found,) = read_opml(opml(f"<outline {outline}/>"))
    assert row == (found.url if isinstance(found, ListedFeed) else found.reason)


def test_opml_cut_in_transfer():
    rows = list(read_opml(b'<opml><body>\n<outline xmlUrl="https://a.example/"/>\n<outline xmlUrl="https://b.exam'))
    assert urls(rows) == ["https://a.example/"]
    assert refusals(rows)[-1] == (3, "truncated")


def test_what_is_said_of_a_feed_and_not_understood_is_named():
    outlines = (
        '<outline text="F" timezone="Berlin"><outline xmlUrl="https://a.example/" language="English" pause="soon"/>'
        '<outline xmlUrl="https://b.example/" language="unknown"/></outline>'
    )
    first, second = read_opml(opml(outlines))
    assert [notice.split("'")[1] for notice in first.notices] == ["Berlin", "English", "soon"]
    assert (first.settings, second.notices) == (SourceSettings(category="F"), ())


def test_opml_entities_reach_nothing():
    head = '<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY a "haha"><!ENTITY b "&a;&a;&a;">]>'
    rows = list(read_opml(opml('<outline text="&x;&b;" xmlUrl="https://a.example/"/><outline text="&x;"/>', head)))
    assert urls(rows) == ["https://a.example/"]
    assert "root:" not in str(rows)
    assert refusals(list(read_opml(opml('<outline text="&x;"/>', head.replace("><", ">\n<"))))) == [
        (5, "not-an-address")
    ]


def test_opml_of_ten_thousand():
    rows = list(read_opml(opml("\n".join(f'<outline xmlUrl="https://a{n}.example/"/>' for n in range(10_000)))))
    assert (len(rows), rows[-1].line) == (10_000, 10_002)


@pytest.mark.parametrize("depth", [150, 10_000])
def test_opml_nested_too_deep(depth):
    outlines = '<outline text="x">' * depth + '<outline xmlUrl="https://a.example/"/>' + "</outline>" * depth
    with pytest.raises(ParseError) as caught:
        list(read_opml(opml(outlines)))
    assert caught.value.reason == "parse-error"


@pytest.mark.parametrize("start", ["", "\n\n", '<?xml version="1.0"?>\n', '<?xml version="1.0"?>'])
@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
def test_opml_lines_are_those_of_the_file(start, codec):
    text = f'{start}<opml><body>\n\n<outline text="x"/></body></opml>'
    line = text[: text.index("<outline")].count("\n") + 1
    assert refusals(read_opml(text.encode(codec))) == [(line, "not-an-address")]


@pytest.mark.parametrize("body", [b"<html><body/></html>", b"not xml", b"{}"])
def test_no_opml(body):
    with pytest.raises(ParseError):
        list(read_opml(body))


def test_yaml_list():
    rows = list(
        read_yaml_list(
            b"feeds:\n"
            b"  - https://a.example/rss\n"
            b"  - url: https://b.example/rss\n    outlet: Beta\n    language: de\n    timezone: Europe/Berlin\n"
            b"    category: Trade\n    pause: 2.5\n"
            b"  - outlet: no address\n"
            b"  - 12\n"
            b"  - [https://c.example/rss]\n"
        )
    )
    assert [(row.url, row.settings, row.line) for row in rows if isinstance(row, ListedFeed)] == [
        ("https://a.example/rss", SourceSettings(), 2),
        ("https://b.example/rss", SourceSettings("Beta", "de", "Europe/Berlin", "Trade", pause=2.5), 3),
    ]
    assert refusals(rows) == [(9, "not-an-address"), (10, "not-an-address"), (11, "not-an-address")]


@pytest.mark.parametrize(
    "body",
    [
        b"feeds: [",
        b"a: b",
        b"feeds: https://a.example/rss",
        b"\xff\xfe",
        b"[" * 5_000,
        b"- : : {",
        b"text",
        b"# nothing",
    ],
)
def test_no_yaml_list(body):
    with pytest.raises(ParseError) as caught:
        list(read_yaml_list(body))
    assert caught.value.reason == "parse-error"


def test_yaml_names_what_is_no_setting():
    body = (
        b"base: &base {outlet: Alpha, pause: 3}\nfeeds:\n"
        b"- {<<: *base, url: https://a.example/, outlett: B, category: [x, y], pause: -1, language: null}\n"
    )
    (row,) = read_yaml_list(body)
    assert row.settings == SourceSettings(outlet="Alpha")
    assert [notice.split("'")[1] for notice in row.notices] == ["outlett", "category", "-1"]


def test_yaml_takes_over_from_several_the_first_before_the_next():
    body = b"a: &a {outlet: A}\nb: &b {outlet: B, pause: 3}\nfeeds:\n- {<<: [*a, *b], url: https://a.example/}\n"
    (row,) = read_yaml_list(body)
    assert (row.settings, row.notices) == (SourceSettings(outlet="A", pause=3.0), ())


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "cp1252"])
def test_lists_in_the_encodings_of_editors(codec):
    address = "https://a.example/"
    (row,) = read_yaml_list(f"feeds:\n- url: {address}\n  outlet: Café de la Région\n".encode(codec))
    assert row.settings.outlet == "Café de la Région"
    assert urls(read_text_list(decode_list(f"# déjà vu\n{address}\n".encode(codec)))) == [address]


def test_yaml_builds_nothing():
    (row,) = read_yaml_list(b'feeds:\n  - !!python/object/apply:os.system ["true"]\n')
    assert isinstance(row, Refused)
