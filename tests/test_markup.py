import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.read.markup import (
    cap_entries,
    collapse_comments,
    disarm_doctype,
    drop_nested_entries,
    entry_tags,
    has_markup,
    is_cut,
    is_cut_inside_entry,
    most_attributes,
    plain_text,
    repair_text,
    replace_bad_references,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Rates <b>rise</b> &amp; fall", "Rates rise & fall"),
        ("AT&amp;amp;T", "AT&amp;T"),
        ("if a < b and b > c", "if a < b and b > c"),
        ("<Unknown> is kept", "<Unknown> is kept"),
        ("&lt;em&gt;Sea&lt;/em&gt;", "Sea"),
        (" two\n lines ", "two lines"),
        ("<br/>", None),
        ("", None),
        (None, None),
    ],
)
def test_plain_text(value, text):
    assert plain_text(value) == text


@pytest.mark.parametrize(("value", "has"), [("a <p>b", True), ("a &amp; b", True), ("a & b < c", False), ("", False)])
def test_markup(value, has):
    assert has_markup(value) is has


@pytest.mark.parametrize(
    ("text", "repaired"),
    [("Ã©tÃ©", "été"), ("été", "été"), ("plain", "plain"), ("Ã©tÃ© – €", "Ã©tÃ© – €"), (None, None)],
)
def test_repair(text, repaired):
    assert repair_text(text) == repaired


@given(st.text(max_size=50))
def test_repair_of_what_was_encoded_twice(text):
    # Only text that is not itself the result of such an accident comes back.
    if repair_text(text) == text:
        assert repair_text(text.encode("utf-8", "ignore").decode("latin-1")) == text.encode("utf-8", "ignore").decode()


@pytest.mark.parametrize("good", [b"&#65;", b"&#x10FFFF;", b"&#9;", b"&#128512;", b"&amp;#65;"])
def test_good_references_stay(good):
    assert replace_bad_references(good) == good


@pytest.mark.parametrize("bad", [b"&#55296;", b"&#xDFFF;", b"&#1114112;", b"&#0;", b"&#x99999999999999;", b"&#27;"])
def test_bad_references_go(bad):
    assert replace_bad_references(b"a" + bad + b"b") == b"a&#65533;b"


@pytest.mark.parametrize(
    ("data", "most"),
    [
        (b"<p " + b'a="1" ' * 4000 + b">", 4000),
        (b"&lt;p " + b"a=1 " * 4000 + b"&gt;", 4000),
        (b"&lt;p a=1&gt; text &lt;/p&gt;" * 4000, 0),
        (b"<p a=1> text </p>" * 4000, 0),
        (b"<p " + b"a=1 " * 10 + b">", 0),
    ],
)
def test_attributes(data, most):
    assert most_attributes(data) == most


@pytest.mark.parametrize(
    ("subset", "kept"),
    [
        ('<!ENTITY a "x">', '\n<!ENTITY a "x">'),
        ('<!ENTITY a "&#179;"><!ENTITY b "y">', '\n<!ENTITY a "&#179;">\n<!ENTITY b "y">'),
        ('<!ENTITY a "x"><!ENTITY b "&a;&a;">', '\n<!ENTITY a "x">'),
        ('<!ENTITY a SYSTEM "file:///etc/passwd">', ""),
        ('<!ENTITY % a "x"> %a;', ""),
        ('<!ENTITY a "C:\\1">', '\n<!ENTITY a "C:&#92;1">'),
        (f'<!ENTITY a "{"x" * 1001}">', ""),
        ("<!ELEMENT a ANY>", ""),
    ],
)
def test_doctype(subset, kept):
    data = f'<?xml version="1.0"?><!DOCTYPE rss [{subset}] ><rss>[]></rss>'.encode()
    assert disarm_doctype(data) == f'<?xml version="1.0"?>\n<!DOCTYPE rss [{kept}\n]><rss>[]></rss>'.encode()


@pytest.mark.parametrize("data", [b"<rss>[]></rss>", b'<!DOCTYPE rss PUBLIC "x" "y"><rss>[x]></rss>', b""])
def test_no_doctype_to_disarm(data):
    assert disarm_doctype(data) == data


def test_comments_collapse_only_in_a_flood():
    few = b"<a><!-- <!-- x --></a>"
    assert collapse_comments(few) == few
    flood = b"<!-- a -->" + b"<!--" * 100
    assert collapse_comments(flood) == b"<!-- a --><!--"
    closed = b"<!-- a -->" * 100
    assert collapse_comments(closed) == closed


@pytest.mark.parametrize(
    ("data", "tags"),
    [
        (b"<item></item>", [(0, True), (6, False)]),
        (b"<item/>", [(0, True), (5, False)]),
        (b"<items><items2>", []),
        (b"<atom:entry a='b'></atom:entry>", [(0, True), (18, False)]),
        (b"<![CDATA[<item>]]><item>", [(18, True)]),
        (b"<!-- <item> --><item>", [(15, True)]),
        (b"<!-- <item>", [(5, True)]),
        (b"<![CDATA[<item>", []),
    ],
)
def test_entry_tags(data, tags):
    assert list(entry_tags(data)) == tags


@pytest.mark.parametrize(
    ("data", "kept"),
    [
        (b"<item>a<item>b</item>c</item>", b"<item>ac</item>"),
        (b"<item>a<item>b<item>c</item></item></item><item>d</item>", b"<item>a</item><item>d</item>"),
        (b"<item>a<item>b</item>", b"<item>a<item>b</item>"),
        (b"</item><item>", b"</item><item>"),
        (b"<item>a</item><item>b</item>", b"<item>a</item><item>b</item>"),
    ],
)
def test_nested(data, kept):
    assert drop_nested_entries(data) == kept


@given(st.lists(st.sampled_from([b"<item>", b"</item>", b"<item/>", b"x", b"<![CDATA[", b"]]>", b"<!--", b"-->"])))
def test_nested_entries_are_gone_for_good(parts):
    once = drop_nested_entries(b"".join(parts))
    assert drop_nested_entries(once) == once


def test_cap():
    data = b"<rss>" + b"<item>x</item>" * 5 + b"</rss>"
    assert cap_entries(data, 3) == (b"<rss>" + b"<item>x</item>" * 3 + b"</rss>", 2)
    assert cap_entries(data, 5) == (data, 0)
    assert cap_entries(b"<item>" * 5, 2) == (b"<item>" * 2, 3)


@pytest.mark.parametrize(
    ("data", "cut", "inside"),
    [
        (b"<rss><item></item></rss>", False, False),
        (b"<rss><item></item></rss >\n<!-- x -->", False, False),
        (b"<a:feed><entry></a:feed>", False, False),
        (b"<rss><item></item>", True, False),
        (b"<rss><item></item><item><ti", True, True),
        (b"<rss><item/>", True, False),
    ],
)
def test_cut(data, cut, inside):
    assert (is_cut(data), is_cut_inside_entry(data)) == (cut, inside)
