"""Names that the model cuts in the wrong place, and whom offices, relations and bare titles mean."""

import pytest
from test_names import name, read

from transforms.annotate.sentences import split_sentences


def people(text: str) -> set[str]:
    return {one.name for one in read(text).referents if one.kind == "person" and one.named}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ursula von der Leyen spoke. “It is good,” von der Leyen said.", {"Ursula von der Leyen"}),
        (
            "Dutch lawmaker Pieter van den Berg spoke. Van den Berg left. Later van den Berg rang.",
            {"Pieter van den Berg"},
        ),
        ("Crown Prince Khalid bin Rashid spoke. Bin Rashid left.", {"Khalid bin Rashid"}),
        ("Cleric Omar al-Nasr spoke. Al-Nasr left. Nasr rang.", {"Omar al-Nasr"}),
        ("Marine Le Pen spoke. Le Pen left. It was late, Le Pen said.", {"Marine Le Pen"}),
        (
            "Brazilian President Luiz Inacio Lula da Silva spoke. Da Silva left. Lula da Silva rang.",
            {"Luiz Inacio Lula da Silva"},
        ),
        ("Bas ten Hoor, a farmer, spoke. Ten Hoor left. She met ten Hoor.", {"Bas ten Hoor"}),
        ("Xavier du Pont spoke. Du Pont left.", {"Xavier du Pont"}),
        # a van is no name, nor is a town's
        ("Ann Ode went to a van in Berlin. Rio de Janeiro voted.", {"Ann Ode"}),
        # what stands in brackets behind a politician
        (
            "Senator Bob Braun (D-Vt.) met Carl Finch (R-TX) and Ann Ode (D., Vt.).",
            {"Bob Braun", "Carl Finch", "Ann Ode"},
        ),
        # an office with its place before the name
        ("Egyptian ambassador to Moscow Ihab Nasr left.", {"Ihab Nasr"}),
        ("Nepal PM Pushpa Kamal Dahal left.", {"Pushpa Kamal Dahal"}),
        ("India's Ambassador to Nepal Naveen Rao left.", {"Naveen Rao"}),
        ("It was late, Mayor of London Sadiq Khan said.", {"Sadiq Khan"}),
        ("President of Kazakhstan Kassym-Jomart Braun met Ann Ode.", {"Kassym-Jomart Braun", "Ann Ode"}),
        ("Ukraine's Ambassador to Turkey Vasyl Bodnar left.", {"Vasyl Bodnar"}),
        ("Minister of Foreign Affairs of Japan Takeshi Iwaya left.", {"Takeshi Iwaya"}),
        (
            "Moldovan President Maia Sandu came. She rang President Gloria Macapagal Arroyo.",
            {"Maia Sandu", "Gloria Macapagal Arroyo"},
        ),
        (
            "Bob Finch met Emir of Qatar Sheikh Tamim bin Hamad Al Rashid. Al Rashid left.",
            {"Bob Finch", "Tamim bin Hamad Al Rashid"},
        ),
        ("Prince Khaled bin Zayed Al Rashid came. Bin Zayed left.", {"Khaled bin Zayed Al Rashid"}),
        ("It was late, Rear Adm. Bob Finch said.", {"Bob Finch"}),
        # titles whose full stop the tokenizer cuts off
        ("It was opened by Smt. Rita Rao in Delhi.", {"Rita Rao"}),
        ("James Braun met Hon. Ann Ode.", {"James Braun", "Ann Ode"}),
    ],
)
def test_who_is_named(text, expected):
    assert people(text) == expected


@pytest.mark.parametrize("text", ["Bob Braun (D-Newport News) left.", "Ann Ode (Lab, Leeds East) left."])
def test_a_party_tag_is_no_party_to_anything(text):
    assert not [one for one in read(text).referents if one.named and one.kind != "person"]


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("High Commissioner for Refugees Filippo Ode said so.", "Commissioner", "Filippo Ode"),
        ("Special envoy for Syria Karl Braun said so.", "envoy", "Karl Braun"),
        ("A spokesman for Senator Ann Ode said so.", "spokesman", "spokesman for Senator Ann Ode"),
        # two presidents: the subject of the last sentence that has them, not who comes later
        ("President Bob Braun spoke with French President Carl Finch. The president left.", "president", "Bob Braun"),
        ("President Bob Braun spoke. The president left. President Carl Finch rang.", "president", "Bob Braun"),
        ("Vice President Ann Ode met President Bob Braun. The president left.", "president", "Bob Braun"),
        (
            "Russian President Karl Ode praised President Bob Braun. The president met the Russian leader.",
            "president",
            "Bob Braun",
        ),
        # somebody else than whose they are, the same all through
        ("Bob Braun met his French counterpart Carl Finch. His counterpart agreed.", "counterpart", "Carl Finch"),
        ("Bob Braun came. His predecessor left.", "predecessor", "Bob Braun's predecessor"),
        # no article, as in headlines
        ("Prime minister calls for calm. British Prime Minister Bob Braun spoke.", "minister", "Bob Braun"),
        ("Bob Braun, the president, came. President said that it was late.", "President", "Bob Braun"),
        # who accuses is not the accused
        ("Bob Munir said it was fair. Imran Khan came. He also accused Munir of waste.", "He", "Imran Khan"),
    ],
)
def test_who_is_meant(text, word, expected):
    names = read(text)
    last = [one for one in names.doc if one.text == word][-1]
    assert name(names, word, [one for one in names.doc if one.text == word].index(last)) == expected


def test_a_party_tag_tells_the_country():
    names = read("Sen. Bob Braun (D., Vt.) left.")
    (senator,) = (one for one in names.referents if one.kind == "person")
    assert senator.country == "USA"
    assert "democrat" in senator.words


def test_a_retired_general_is_one_sentence():
    assert len(split_sentences("Maj. Gen. (Retd.) Bob Braun left. Lt. Gen. (retd.) Karl Ode came.")) == 2


def test_whom_an_ambassador_acts_for():
    names = read("Iranian Ambassador in Moscow Kazem Jalali left.")
    (holder,) = (one for one in names.referents if one.kind == "person")
    assert (holder.name, holder.country) == ("Kazem Jalali", "IRN")


def test_a_bare_office_that_two_hold_is_nobody_named():
    names = read("Minister says it is late. Labour Minister Bob Braun met Trade Minister Ann Ode.")
    assert name(names, "Minister") == "Minister"


@pytest.mark.parametrize(
    "title",
    ["Smt", "Shri", "Hon", "Rt. Hon", "Lt. Gen", "Adm", "Vice Adm", "Brig", "Wg. Cdr", "Ven", "Lt.-Gen", "Air Cdre"],
)
def test_titles_do_not_end_a_sentence(title):
    assert len(split_sentences(f"She met {title}. Ann Ode in May. It rained.")) == 2
