import contextlib
import gzip

import pytest

from transforms.article.errors import ExtractError
from transforms.read.charset import decode_html, decompress

SENTENCES = {
    "windows-1250": "Ministři se v pátek sešli v přístavu, aby jednali o ceně sleďů, žita a ječmene.",
    "windows-1251": "Министры встретились в понедельник в порту и обсудили цены на сельдь и зерно.",
    "windows-1252": "Der Präsident erklärte am Montag, die Gespräche würden „fortgesetzt“ – trotz aller Größe.",
    "koi8-r": "Министры встретились в понедельник в порту и обсудили цены на сельдь и зерно.",
    "gb18030": "两国部长星期一在港口会面，讨论了鲱鱼和粮食的价格。",
    "euc-kr": "두 나라 장관은 월요일 항구에서 만나 청어와 곡물 가격을 논의했다.",
    "shift_jis": "両国の大臣は月曜日に港で会談し、ニシンと穀物の価格について話し合った。",
    "iso-8859-2": "Zażółć gęślą jaźń, powiedział minister w porcie po spotkaniu o cenach śledzi.",
}


def page(sentence: str, charset: str | None = None) -> str:
    meta = f'<meta charset="{charset}">' if charset else ""
    return f"<html><head>{meta}<title>x</title></head><body>{f'<p>{sentence}</p>' * 5}</body></html>"


@pytest.mark.parametrize(("name", "sentence"), SENTENCES.items())
@pytest.mark.parametrize(
    ("meta", "header"),
    [(True, None), (False, True), ("utf-8", True), (True, "utf-8"), (True, "iso-8859-1")],
    ids=["meta", "header", "lying meta", "lying header", "header of the server's default"],
)
def test_the_declaration_that_fits_is_believed(name, sentence, meta, header):
    html = page(sentence, name if meta is True else meta or None)
    charset = name if header is True else header
    text, encoding = decode_html(html.encode(name), f"text/html; charset={charset}" if charset else None)
    assert (text, encoding) == (html, name)


@pytest.mark.parametrize("name", ["windows-1251", "koi8-r", "gb18030", "euc-kr", "shift_jis"])
def test_an_undeclared_encoding_is_detected(name):
    html = page(SENTENCES[name])
    assert decode_html(html.encode(name))[0] == html


@pytest.mark.parametrize("header", [None, "iso-8859-1", "windows-1251"])
def test_valid_utf8_is_utf8_whatever_is_declared(header):
    html = page(SENTENCES["windows-1252"], header)
    assert decode_html(html.encode(), f"text/html; charset={header}" if header else None) == (html, "utf-8")


@pytest.mark.parametrize("name", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_with_and_without_its_mark(name):
    html = page(SENTENCES["windows-1250"])
    assert decode_html(html.encode(name), "text/html; charset=iso-8859-1")[0] == html


def test_some_spoilt_bytes_do_not_make_utf8_another_encoding():
    body = page("„Größe“ über alles. " * 40).encode().replace(b"\xc3\x9f", b"\xc3", 1)
    text, encoding = decode_html(body)
    assert (encoding, text.count("\ufffd")) == ("utf-8", 1)


@pytest.mark.parametrize("label", ["utf-7", "rot13", "no-such-thing", "x" * 200, "unicode_escape"])
def test_labels_that_are_no_encoding_of_the_web_are_ignored(label):
    assert decode_html(page("plain", label).encode(), f"text/html; charset={label}")[1] == "utf-8"


def test_bytes_that_fit_nothing_are_refused():
    with pytest.raises(ExtractError, match="bad-encoding"):
        decode_html(bytes(range(0x80, 0x100)) * 20 + b"\xff\x00\x81" * 10)


def test_gzip_in_several_members():
    assert decompress(gzip.compress(b"one ") + gzip.compress(b"two")) == b"one two"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (gzip.compress(b"x" * 5000), "too-large"),
        (b"x" * 1001, "too-large"),
        (gzip.compress(b"whole story")[:-9], "bad-compression"),
        (b"\x1f\x8b" + b"nonsense" * 9, "bad-compression"),
    ],
)
def test_what_cannot_be_decompressed_is_refused(body, reason):
    with pytest.raises(ExtractError) as caught:
        decompress(body, limit=1000)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    "filler",
    [b"x" * 400_000, b"<script>" * 40_000, b"<" * 300_000, b"<a " * 100_000, b"x\xe9" * 200_000, b"\n" * 300_000],
    ids=["one word", "open scripts", "signs", "open tags", "one foreign word", "lines"],
)
def test_no_page_makes_the_detector_run_away(filler):
    with contextlib.suppress(ExtractError):
        assert "caf" in decode_html(b"<p>caf\xe9 cr\xe8me d\xe9j\xe0 vu</p>" * 20 + filler)[0]


def test_scripts_say_nothing_of_the_encoding():
    noise = SENTENCES["windows-1251"].encode("cp1251") * 30
    prose = b"<p>" + SENTENCES["windows-1250"].encode("cp1250") * 4 + b"</p>"
    assert decode_html(prose + b"<script>" + noise + b"</script>")[1] == decode_html(prose)[1] == "windows-1250"
