import importlib.resources
import re

import pytest
import yaml

from transforms.article.patterns import compile_lines, fold_case


@pytest.mark.parametrize(
    ("line", "compiled"),
    [
        ("a(b|c(d))", "a(?:b|c(?:d))"),
        (r"\(a\)(b)", r"\(a\)(?:b)"),
        (r"[(](a)[^)(]", r"[(](?:a)[^)(]"),
        (r"[]( ](a)[^](]", r"[]( ](?:a)[^](]"),
        (r"[\](](a)", r"[\](](?:a)"),
        ("(?:a)(?=b)(?s:.)", "(?:a)(?=b)(?s:.)"),
        (r"\\(a)", r"\\(?:a)"),
    ],
)
def test_brackets_make_no_groups(line, compiled):
    pattern = compile_lines([line])
    assert pattern.pattern == f"(?:{compiled})"
    assert pattern.groups == 0


def test_lines_are_alternatives():
    pattern = compile_lines(["her(ring)?s?", "cod|ling"], re.IGNORECASE)
    assert [word for word in ("herrings", "Cod", "LING", "hering") if pattern.fullmatch(word)] == [
        "herrings",
        "Cod",
        "LING",
    ]


@pytest.mark.parametrize(("text", "folded"), [("İIıi", "iiii"), ("ЧИТАТЬ", "читать"), ("Größe", "größe")])
def test_case_is_folded_letter_by_letter(text, folded):
    assert fold_case(text) == folded


def test_furniture_is_written_in_lower_case():
    text = importlib.resources.files("transforms.article").joinpath("data/furniture.yaml").read_text("utf-8")
    for line in (line for lines in yaml.safe_load(text).values() for line in lines):
        letters = re.sub(r"\\[A-Za-z]", "", line)
        assert letters == letters.lower().replace("ı", "i"), line
