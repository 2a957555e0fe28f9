"""Statements: cues of every kind, their words, speakers and standing."""

import datetime as dt
import functools

import pytest

from transforms.annotate.model import annotate_texts, load_model
from transforms.events.context import Context, Mention
from transforms.events.names import build_names
from transforms.events.quotes import find_quotes
from transforms.events.statement import drop_repeats, find
from transforms.events.time_expressions import Times

DAY = dt.date(2025, 1, 15)


@functools.cache
def nlp():
    return load_model()


def mentions(text: str) -> tuple[Context, list[Mention]]:
    (doc,) = annotate_texts([text], nlp())
    quotes = find_quotes(text)
    context = Context(text, doc, DAY, build_names(doc, quotes), quotes, Times(doc, DAY))
    return context, [one for sentence in doc.sents for one in find(sentence, context)]


def read(text: str) -> list[tuple[str, str, str | None, str | None]]:
    """(trigger, speaker, quote type, content) of every statement."""
    context, found = mentions(text)
    return [
        (context.text[slice(*one.trigger)], one.actors[0].name, one.detail.quote_type, one.detail.content)
        for one in found
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Anna Weber said the bridge would open soon.",
            ("said", "Anna Weber", "indirect", "the bridge would open soon"),
        ),
        ("The bridge is safe, Anna Weber said.", ("said", "Anna Weber", "indirect", "The bridge is safe")),
        ("“The bridge is safe,” said Anna Weber.", ("said", "Anna Weber", "direct", "The bridge is safe")),
        ("'The bridge is safe,' said Anna Weber.", ("said", "Anna Weber", "direct", "The bridge is safe")),
        ("``The bridge is safe,'' Anna Weber said.", ("said", "Anna Weber", "direct", "The bridge is safe")),
        ("„The bridge is safe“, said Anna Weber.", ("said", "Anna Weber", "direct", "The bridge is safe")),
        (
            "Anna Weber told reporters on Monday: “We will never close the bridge.”",
            ("told", "Anna Weber", "direct", "We will never close the bridge"),
        ),
        (
            "According to Anna Weber, the bridge is safe.",
            ("According to", "Anna Weber", "indirect", "the bridge is safe"),
        ),
        (
            "The bridge is safe, according to officials.",
            ("according to", "officials", "indirect", "The bridge is safe"),
        ),
        (
            "Anna Weber accused the company of hiding the cracks.",
            ("accused", "Anna Weber", "indirect", "hiding the cracks"),
        ),
        ("Anna Weber denied taking money.", ("denied", "Anna Weber", "indirect", "taking money")),
        ("Anna Weber called the plan a mistake.", ("called", "Anna Weber", "indirect", "the plan a mistake")),
        (
            "Anna Weber called on the council to stop the work.",
            ("called on", "Anna Weber", "indirect", "the council to stop the work"),
        ),
        ("Anna Weber pledged to repair the bridge.", ("pledged", "Anna Weber", "indirect", "to repair the bridge")),
        (
            "Anna Weber described the plan as a “disaster.”",
            ("described", "Anna Weber", "mixed", "the plan as a “disaster"),
        ),
        (
            "Anna Weber expressed confidence that the bridge would last.",
            ("expressed", "Anna Weber", "indirect", "the bridge would last"),
        ),
        (
            "Anna Weber criticised the council for its delays.",
            ("criticised", "Anna Weber", "indirect", "its delays"),
        ),
        ("Police say the driver fled.", ("say", "Police", "indirect", "the driver fled")),
        ("Official figures show that exports fell.", ("show", "Official figures", "indirect", "exports fell")),
        (
            "Anna Weber's claim that the bridge is safe surprised the council.",
            ("claim", "Anna Weber", "indirect", "the bridge is safe"),
        ),
        (
            "As Anna Weber noted, the bridge is very old.",
            ("noted", "Anna Weber", "indirect", "the bridge is very old"),
        ),
    ],
)
def test_one_statement(text, expected):
    (found,) = read(text)
    trigger, speaker, quote_type, content = found
    assert (trigger, speaker, quote_type) == expected[:3]
    assert content.strip("”'’.,“ ") == expected[3]


@pytest.mark.parametrize(
    "text",
    [
        "The so-called “peace bridge” was opened on Monday.",
        "Anna Weber hopes the bridge will open.",
        "Anna Weber praised Tom Brown.",
        "The stock added 3 percent after the bridge opened.",
        "The bill was settled according to plan.",
        "She called an ambulance.",
        "If Anna Weber says the bridge is safe, we will cross it.",
        "Anna Weber may say on Friday that the bridge is safe.",
        "River Bridge Opens, Mayor Says Town Is Proud\nThe bridge was opened on Monday.",
    ],
)
def test_no_statement(text):
    assert read(text) == []


def test_quotation_over_sentences_is_one_statement():
    text = "“The bridge is old. It cracks at night. We must act,” Anna Weber said. “Nobody listens.”"
    context, (one,) = mentions(text)
    assert context.text[slice(*one.evidence)] == "We must act,” Anna Weber said."
    assert one.detail.content.startswith("The bridge is old. It cracks at night. We must act")
    assert one.detail.quote_type == "direct"


def test_quotation_over_paragraphs_is_one_statement():
    text = "Anna Weber said: “The bridge is old.\n\n“We must act before it falls.”\n\nThe council left."
    ((_, speaker, quote_type, content),) = read(text)
    assert (speaker, quote_type) == ("Anna Weber", "direct")
    assert content.endswith("before it falls.")


def test_two_speakers_in_one_sentence_are_two_statements():
    text = "Anna Weber said the bridge is safe, but Tom Brown warned that it may fall."
    assert [(trigger, speaker) for trigger, speaker, _, _ in read(text)] == [
        ("said", "Anna Weber"),
        ("warned", "Tom Brown"),
    ]


def test_several_cues_of_one_speaker_are_one_statement():
    text = "Anna Weber said the bridge is safe, adding that the council has seen the report."
    ((trigger, _, _, content),) = read(text)
    assert trigger == "said"
    assert content.endswith("adding that the council has seen the report")


@pytest.mark.parametrize(
    ("text", "trigger"),
    [
        ("The company declined to comment.", "declined to comment"),
        ("The company did not immediately respond to requests for comment.", "did not immediately respond"),
        ("The company refused to comment on the report.", "refused to comment"),
    ],
)
def test_refusals_are_negated_without_content(text, trigger):
    context, (one,) = mentions(text)
    assert context.text[slice(*one.trigger)] == trigger
    assert (one.modality, one.detail.content, one.detail.quote_type) == ("negated", None, None)


def test_standing():
    _, (planned,) = mentions("Anna Weber will announce a new bridge on Friday.")
    _, (negated,) = mentions("Anna Weber has not said that the bridge is safe.")
    assert (planned.modality, planned.modality_cue) == ("planned", "will")
    assert (negated.modality, negated.modality_cue) == ("negated", "not")


def test_quoted_as_saying():
    ((trigger, speaker, _, _),) = read("Radio Nord quoted Anna Weber as saying that the bridge is safe.")
    assert (trigger, speaker) == ("saying", "Anna Weber")


def test_the_i_of_a_quotation_is_its_speaker():
    found = read("“I warned them that the bridge is old,” Anna Weber said.")
    assert {speaker for _, speaker, _, _ in found} == {"Anna Weber"}


def test_document_speaks_for_its_author():
    found = read("The Bridge Council published a report on Monday. The report said the bridge is old.")
    assert [speaker for _, speaker, _, _ in found][-1] in ("Bridge Council", "report")


def test_transcript_lines():
    text = "WEBER: The bridge is safe. We have checked.\nBROWN: Nobody believes you."
    found = read(text)
    assert [(speaker, quote_type) for _, speaker, quote_type, _ in found] == [("WEBER", "direct"), ("BROWN", "direct")]
    assert found[0][3] == "The bridge is safe. We have checked"


def test_signed_post():
    ((_, speaker, quote_type, content),) = read("The bridge is safe, folks. — Anna Weber (@annaweber) March 3, 2020")
    assert (speaker, quote_type, content) == ("Anna Weber", "direct", "The bridge is safe, folks")


def test_what_was_said_was_not_said_in_years_to_come():
    _, (one, *_) = mentions("By 2040, planners say, the city will hold a million people.")
    assert one.time is None


def test_time_of_the_writing():
    _, (one,) = mentions("The bridge is safe, the council said in a statement released on Monday.")
    assert one.time is not None
    assert one.time.first == dt.date(2025, 1, 13)


def test_offsets_are_those_of_the_article():
    text = "Prices fell, the\u00a0Bridge Council said.\n\n“We  stay,” it added on\nMonday."
    context, found = mentions(text)
    for one in found:
        start, end = one.evidence
        assert start <= one.trigger[0] < one.trigger[1] <= end
        assert one.content is None or context.text[slice(*one.content)] == one.detail.content


def test_a_statement_given_again_word_for_word_is_dropped():
    line = "Anna Weber said the old bridge would open again very soon."
    _, found = mentions(f"{line}\n{line}\nTom Brown said the old bridge would open again very soon.")
    assert [one.actors[0].name for one in drop_repeats(found)] == ["Anna Weber", "Tom Brown"]


@pytest.mark.parametrize(
    ("text", "speaker", "content"),
    [
        # a subject hung on the auxiliary
        (
            "The police chief has over several weeks repeatedly warned that the gates are weak.",
            "police chief",
            "the gates are weak",
        ),
        # the party with its verb between commas
        (
            "The mix, say economists, marks a journey into the dark.",
            "economists",
            "The mix, say economists, marks a journey into the dark",
        ),
        ("Then Mr. Weber asked the students if they were tired.", "Weber", "if they were tired"),
        (
            "A report from the auditor general highlighted that the bridge was late.",
            "auditor general",
            "the bridge was late",
        ),
        (
            "Some drivers reported waiting times that exceeded two hours.",
            "drivers",
            "waiting times that exceeded two hours",
        ),
        (
            "The bridge was closed, the Norland council was quoted as saying on Tuesday by the agency.",
            "Norland council",
            "The bridge was closed",
        ),
        (
            "Tom Brown then adopted a fake accent and joked, “But I will make it easy for you.”",
            "Tom Brown",
            "But I will make it easy for you.",
        ),
        ("Wexcorp called 'Mill Life' \"a fine game.\"", "Wexcorp", "Mill Life' \"a fine game"),
        ("OdeWorks declined to comment.", "OdeWorks", None),
        # the day of the saying is not said
        ("Anna Weber said Tuesday the bridge was closed.", "Anna Weber", "the bridge was closed"),
        ("Anna Weber said on Friday she met the mayor.", "Anna Weber", "she met the mayor"),
        ("Anna Weber said Friday was a bad day.", "Anna Weber", "Friday was a bad day"),
        # a participle with a clause of its own takes no quotation before it
        (
            "“We have a large network,” Anna Weber said, boasting that it could “carry all of the world’s games.”",
            "Anna Weber",
            "We have a large network,",
        ),
    ],
)
def test_words_said_where_the_parse_hangs_them_elsewhere(text, speaker, content):
    assert [(who, said) for _, who, _, said in read(text)][:1] == [(speaker, content)]


@pytest.mark.parametrize(
    "text",
    [
        "Many women challenge the image of the mother at home.",
        "The chamber confirmed a judge on Monday.",
        "The firm advises banks on mergers.",
        "His doctor referred him to a clinic.",
        "Tom Brown lashed out at Anna Weber.",
        "The press criticises her appeal of the ruling.",
        "LIMA: It was late when the bridge was closed.",
        "The Republicans currently hold a majority in the house.",
    ],
)
def test_deeds_that_are_not_said(text):
    assert [(trigger, said) for trigger, _, _, said in read(text) if said != "her appeal of the ruling"] == []


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Speaking in Lima on Tuesday, Anna Weber said the bridge was closed.", dt.date(2025, 1, 14)),
        ("Speaking on “This Week,” Anna Weber said the bridge was closed.", None),
        ("Anna Weber told reporters Tuesday prices fell.", dt.date(2025, 1, 14)),
        ("Anna Weber said Tuesday was a bad day.", None),
    ],
)
def test_day_of_the_saying(text, day):
    _, (one,) = mentions(text)
    assert (one.time.first if one.time else None) == day


def test_who_quotes_another_says_nothing():
    found = read("The paper quoted Anna Weber as saying the bridge was closed.")
    assert [speaker for _, speaker, _, _ in found] == ["Anna Weber"]


@pytest.mark.parametrize(
    ("text", "speaker", "content"),
    [
        ("Official figures showed a rise of 3 percent in rents.", "Official figures", "a rise of 3 percent in rents"),
        ("The bank projected growth of 3 percent.", "bank", "growth of 3 percent"),
        ("Anna Weber urged calm.", "Anna Weber", "calm"),
        ("Anna Weber made it clear that she would stay.", "Anna Weber", "she would stay"),
        ("“We will close,” read the statement.", "statement", "We will close,"),
        ("Tom Brown, who called the plan a disaster, left.", "Tom Brown", "the plan a disaster"),
        ("The narrator continues that the families get relief.", "narrator", "the families get relief"),
        (
            "That evening, Tom Brown went even further: “If he loses, it is over.”",
            "Tom Brown",
            "If he loses, it is over.",
        ),
        (
            "The league has regained its role following last year's war, acting secretary Tom Brown said.",
            "Tom Brown",
            "The league has regained its role following last year's war",
        ),
        ("Anna Weber was quoted by the agency as saying: “It is late.”", "Anna Weber", "It is late."),
        ("The ministry has not confirmed the deal.", "ministry", "the deal"),
        ("Tom Brown was accused by prosecutors of lying.", "prosecutors", "lying"),
        ("Anna Weber's message was clear: “Leave the town now.”", "Anna Weber", "Leave the town now."),
        # writings speak
        ("The lawsuit accuses the firm of fraud.", "lawsuit", "fraud"),
        ("The letter urged the council to act.", "letter", "the council to act"),
        ("The report recommends a ban on guns.", "report", "a ban on guns"),
    ],
)
def test_reports_beside_the_plain_frames(text, speaker, content):
    assert [(who, said) for _, who, _, said in read(text)] == [(speaker, content)]


@pytest.mark.parametrize(
    "text",
    [
        "Anna Weber urged the council.",
        "Speaking of Tom Brown, we are late.",
        "The government continues its work.",
        "The crowd did not report any income.",
        "The bill calls for a new tax.",
        "The data tell a story.",
    ],
)
def test_frames_that_report_nothing(text):
    assert read(text) == []


def test_whoever_is_named_in_a_quotation_does_not_speak_it():
    text = "Tom Brown met the mayor Bob Finch on Monday. “Finch is making our country less safe,” he said."
    assert [speaker for _, speaker, _, _ in read(text)] == ["Tom Brown"]


def test_declining_to_be_named_is_no_refusal_to_speak():
    found = read("Officials, who declined to be named, said the plan was dead.")
    assert [(trigger, said) for trigger, _, _, said in found] == [("said", "the plan was dead")]
