"""Which texts are one story, and which only look like it."""

import dataclasses
import datetime as dt

import pytest
from factories import make_published
from stories import BRIDGE, BUDGET, CONFIG, FERRY, Memory, canonicals, make_story, place, run_batches, sentences

from transforms.dedup.config import DedupConfig
from transforms.dedup.frames import find_substitutions, skip_dateline
from transforms.dedup.sketch import sketch_article

NOTICE = (
    "{name} Holdings Ltd said it won a contract worth {sum} million crowns to supply {what} to the Norland navy. "
    "The contract was awarded by the naval procurement office in Port Vell after an open tender. "
    "Deliveries are to begin within six months and to be completed over the following three years. "
    "The company said the work would be done at its yard and that no further staff would be needed."
)
MARKET = (
    "The Norland central bank said it bought {sum} million crowns of treasury bills in its regular operation. "
    "Dealers said the overnight rate stood at {rate} pct when the bank entered the money market. "
    "The bank said it would hold its next regular operation at the usual time and on the usual terms."
)


def test_a_copy_in_another_outlet_joins_the_earlier():
    first, copy = make_story(), make_story(hours=1, outlet="courier.example", title="Ferry aground")
    one, two = place(first, copy)
    assert (one.placed.canonical, one.placed.similarity, one.fresh) == (None, None, None)
    assert (two.placed.canonical, two.placed.story_id) == (first.article_id, one.placed.story_id)
    assert (two.placed.similarity, two.fresh) == (1.0, ())
    assert first.article_id in two.placed.reason


@pytest.mark.parametrize(
    "text",
    [
        " ".join(sentences(FERRY)[:3]),
        "VELL POINT, March 2 (Wire) - " + FERRY.replace(". ", ".\n"),
        FERRY.upper(),
        FERRY + "\nSign up to our newsletter. Already a subscriber? Log in.",
        " ".join(reversed(sentences(FERRY))),
    ],
    ids=["cut", "wrapped", "in capitals", "with furniture", "turned round"],
)
def test_edited_copies_join(text):
    assert canonicals(make_story(), make_story(text, hours=2, outlet="courier.example")) == [None, 0]


def test_a_fuller_copy_joins_and_only_its_own_sentences_are_fresh():
    brief = make_story(" ".join(sentences(FERRY)[:2]))
    _, copy = place(brief, make_story(hours=3, outlet="courier.example"))
    assert copy.placed.canonical == brief.article_id
    assert copy.fresh == (2, 3, 4, 5)


def test_a_sentence_that_two_copies_add_is_fresh_once():
    brief = make_story(" ".join(sentences(FERRY)[:2]))
    more = make_story(" ".join(sentences(FERRY)[:3]), hours=1, outlet="courier.example")
    most = make_story(" ".join(sentences(FERRY)[:4]), hours=2, outlet="post.example")
    assert [d.fresh for d in place(brief, more, most)] == [None, (2,), (3,)]


def test_independent_reports_that_share_a_quotation_stay_apart():
    quotation = " “We shall not leave the islanders without bread and mail this winter,” the minister told parliament."
    other = make_story(BUDGET + quotation, hours=1, outlet="courier.example", title="Ferry debate in parliament")
    assert canonicals(make_story(FERRY + quotation), other) == [None, None]


def test_first_day_notices_from_one_template_that_name_other_parties_stay_apart():
    one = make_story(NOTICE.format(name="Osterby", sum=41, what="fuel pumps"), title="Osterby wins navy contract")
    two = make_story(
        NOTICE.format(name="Marlow", sum=41, what="fuel pumps"), hours=1, title="Marlow wins navy contract"
    )
    _, decision = place(one, two)
    assert decision.placed.canonical is None
    assert canonicals(one, dataclasses.replace(make_story(one.body.text, 2 and "Osterby gets contract", 2))) == [
        None,
        0,
    ]


def test_the_notice_of_the_next_day_with_other_figures_is_another():
    title = "Central bank buys treasury bills"
    one = make_story(MARKET.format(sum=500, rate="4-1/8"), title=title)
    next_day = make_story(MARKET.format(sum=500, rate="4-3/8"), title=title, hours=24)
    corrected = make_story(MARKET.format(sum=500, rate="4-1/4"), title=title, hours=1)
    assert canonicals(one, next_day) == [None, None]
    assert canonicals(one, corrected) == [None, 0]


def test_a_template_fades_with_the_days_on_which_it_was_seen():
    days = [
        make_story(
            MARKET.format(sum=100 + day, rate=f"{day} pct and {day + 20}"), title="Bank buys bills", hours=24 * day
        )
        for day in range(6)
    ]
    assert canonicals(*days)[3:] == [None, None, None]


def test_a_digest_joins_nothing_and_gathers_nothing():
    items = [" ".join(sentences(text)[:2]) for text in (FERRY, BUDGET, BRIDGE)]
    digest = make_story("\n".join(items), "News in brief", hours=5, outlet="post.example")
    ferry, budget = make_story(), make_story(BUDGET, "Parliament passes budget", hours=1)
    late = make_story(BRIDGE, "Iron bridge at Tollen closed", hours=9)
    assert canonicals(ferry, budget, digest, late) == [None, None, None, None]


def test_a_digest_is_told_by_its_parts_where_its_title_hides_it():
    items = [" ".join(sentences(text)) for text in (FERRY, BUDGET)]
    digest = make_story("\n".join(items), "Osprey aground as parliament votes", hours=5, outlet="post.example")
    ferry, budget = make_story(), make_story(BUDGET, "Parliament passes budget", hours=1)
    assert canonicals(ferry, budget, digest) == [None, None, None]


def test_a_part_under_another_title_is_no_copy():
    long = make_story("\n".join([BRIDGE, BUDGET, FERRY]), "Our correspondent looks back on March", name="long")
    assert canonicals(long, make_story(hours=2, outlet="courier.example")) == [None, None]


def test_flashes_are_told_by_title_and_lead():
    flash = make_story("The ferry Osprey has run aground off Vell Point.", name="flash")
    same = make_story("The ferry Osprey has run aground off Vell Point.", hours=1, outlet="courier.example")
    other = make_story(
        "No further details were immediately available.", "Mayor of Tollen resigns", hours=1, name="mayor"
    )
    another = make_story("No further details were immediately available.", "Herring prices fall", hours=2, name="fish")
    assert canonicals(flash, same, other, another) == [None, 0, None, None]


def test_pages_that_share_their_furniture_only_stay_apart():
    furniture = (
        "Log in to continue.\nSubscribe now to read our stories.\nAll rights reserved.\nWe use cookies on our site."
    )
    pages = [
        make_story(furniture, f"{topic} explained", hours=n) for n, topic in enumerate(("Herring", "Budget", "Fog"))
    ]
    assert canonicals(*pages) == [None, None, None]
    notice = " ".join(f"This service is not offered in the region number {n} for legal reasons." for n in range(3))
    walls = [make_story(notice, f"{topic} explained", hours=n) for n, topic in enumerate(("Herring", "Budget", "Fog"))]
    assert canonicals(*walls) == [None, None, None]


@pytest.mark.parametrize(("days", "exact", "near"), [(2, 0, 0), (10, 0, None), (35, None, None)])
def test_copies_come_in_time(days, exact, near):
    again = {"hours": 24 * days, "outlet": "courier.example"}
    assert canonicals(make_story(), make_story(FERRY, **again)) == [None, exact]
    assert canonicals(make_story(), make_story(" ".join(sentences(FERRY)[:4]), **again)) == [None, near]


def test_a_story_published_earlier_but_met_later_joins_and_does_not_dethrone():
    met, late = make_story(hours=5), make_story(hours=1, outlet="courier.example")
    found = run_batches([[met], [late]])
    assert found[met.article_id, 1].placed.canonical is None
    assert found[late.article_id, 1].placed.canonical == met.article_id


def test_no_guid_and_no_address_of_another_outlet_suppresses_a_story():
    victim = make_story(hours=2, guid="urn:1", name="same-path")
    attacker = make_story(
        BUDGET, "Nothing happened at Vell Point", outlet="evil.example", guid="urn:1", name="same-path"
    )
    assert canonicals(attacker, victim) == [None, None]
    twisted = make_story(FERRY.replace("nobody was hurt", "many were hurt"), outlet="evil.example")
    _, decision = place(twisted, victim)
    assert decision.fresh == (1,)  # what the copy left out or changed is still read in the victim's


def test_a_new_version_stays_in_its_story_and_only_what_is_new_in_it_is_fresh():
    first = make_story(name="v")
    second = make_story(FERRY + " The tug arrived on Monday evening.", name="v", version=2)
    second = dataclasses.replace(second, article_id=first.article_id)
    for found in (run_batches([[first, second]]), run_batches([[first], [second]])):
        decision = found[first.article_id, 2]
        assert decision.placed.story_id == found[first.article_id, 1].placed.story_id
        assert (decision.placed.canonical, decision.placed.similarity, decision.fresh) == (None, None, (6,))


def test_a_version_of_a_copy_names_the_canonical_of_the_copy():
    first, copy = make_story(), make_story(hours=1, outlet="courier.example")
    again = make_story(" ".join(sentences(FERRY)[:5]), hours=1, outlet="courier.example", version=2)
    again = dataclasses.replace(again, article_id=copy.article_id)
    decision = run_batches([[first, copy], [again]])[copy.article_id, 2]
    assert decision.placed.canonical == first.article_id
    assert decision.placed.similarity == pytest.approx(1.0)


def test_an_address_that_is_used_again_begins_a_new_story():
    first = make_story(name="live")
    second = dataclasses.replace(
        make_story(BUDGET, "Budget passed", name="live", version=2), article_id=first.article_id
    )
    copy = make_story(BUDGET, "Budget passed", hours=3, outlet="courier.example")
    found = run_batches([[first], [second, copy]])
    stories = {key: d.placed.story_id for key, d in found.items()}
    assert stories[first.article_id, 1] != stories[first.article_id, 2] == stories[copy.article_id, 1]
    assert found[copy.article_id, 1].placed.canonical == first.article_id


def test_a_story_without_a_date_is_placed_by_the_run_that_met_it():
    undated = make_story(outlet="courier.example")
    undated = dataclasses.replace(undated, body=dataclasses.replace(undated.body, published=make_published(None)))
    assert sketch_article(undated).at == int(undated.first_seen_at.timestamp())
    assert canonicals(make_story(), undated) == [None, None]  # a year lies between them
    recent = dataclasses.replace(undated, first_seen_at=make_story(hours=1).body.published.at)
    assert canonicals(make_story(), recent) == [None, 0]


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("PORT VELL, March 3 (Agency) - Ministers met.", "Ministers met."),
        ("(Agency) — Ministers met.", "Ministers met."),
        ("Ministers - and their staff - met.", "Ministers - and their staff - met."),
        ("Harrow Bay (Wire): Ministers met.", "Ministers met."),
    ],
)
def test_datelines(text, rest):
    assert text[skip_dateline(text) :] == rest


def test_substitutions_need_a_frame_of_equal_words():
    one, two = (
        sketch_article(make_story(text)).lead
        for text in ("The council gave Osterby the order.", "The council gave Marlow the order.")
    )
    found = find_substitutions(one, two)
    assert len(found.names) == len(found.other_names) == 1
    assert find_substitutions(one, one) == type(found)()
    unframed = sketch_article(make_story("Marlow celebrates.")).lead
    assert not find_substitutions(one, unframed).names


@pytest.mark.parametrize(
    "changes", [{"anchors": 0}, {"containment": 1.5}, {"window": -1}, {"window": 10, "exact_window": 5}]
)
def test_figures_that_make_no_sense_are_refused(changes):
    with pytest.raises(ValueError, match=next(iter(changes))):
        DedupConfig(**changes)


def test_a_copy_of_a_copy_that_is_alike_joins_where_the_member_did():
    brief = make_story(" ".join(sentences(FERRY)[:3]))
    full = make_story(FERRY, hours=1, outlet="courier.example")
    tail = make_story(" ".join(sentences(FERRY)[2:]), hours=2, outlet="post.example")
    decisions = place(brief, full, tail)
    assert [d.placed.canonical for d in decisions] == [None, brief.article_id, brief.article_id]
    assert full.article_id in decisions[2].placed.reason


def test_similarity_is_a_share_and_every_decision_has_a_reason():
    memory = Memory()
    texts = [FERRY, BUDGET, BRIDGE, " ".join(sentences(FERRY)[:4]), " ".join(sentences(BUDGET)[1:])]
    batch = [make_story(text, f"Story {n} of the ferry", hours=n, name=str(n)) for n, text in enumerate(texts)]
    for decision in run_batches([batch], memory).values():
        placed = decision.placed
        assert placed.reason
        assert (placed.similarity is None) == (placed.canonical is None)
        assert placed.similarity is None or CONFIG.ample_containment <= placed.similarity <= 1
    assert dt.timedelta(seconds=CONFIG.window) == dt.timedelta(hours=72)
