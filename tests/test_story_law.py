"""The law of time: any split of a date-ordered stream into consecutive runs gives the same stories."""

import itertools
import random

from hypothesis import given, settings
from hypothesis import strategies as st
from stories import BRIDGE, BUDGET, FERRY, Memory, edit, make_story, run_batches

TEXTS = (FERRY, BUDGET, BRIDGE)
TITLES = ("Ferry runs aground", "Parliament passes budget", "Bridge at Tollen closed")


def make_stream(rng, size):
    """Stories over twelve days, in order: copies, cuts, compounds, new versions, a template that recurs."""
    stream = []
    for n in range(size):
        hours = n * 288 / size
        which = rng.randrange(3)
        kind = rng.random()
        text, title = TEXTS[which], TITLES[which]
        if kind < 0.5:
            text = edit(text, rng.randint(2, 6), rng)
        elif kind < 0.6:
            text, title = "\n".join(edit(t, 3, rng) for t in TEXTS), "News in brief"
        elif kind < 0.75:
            text, title = f"The bank bought {n} million crowns of bills. " + edit(BUDGET, 2, rng), "Bank buys bills"
        version = 1
        name = str(n)
        if stream and rng.random() < 0.15:
            name, version = "live", 1 + sum(a.body.url.split("/")[3].startswith("live") for a in stream)
        article = make_story(text, title, hours=hours, outlet=rng.choice(("a.example", "b.example")), name=name)
        if name == "live":
            article = type(article)(
                **{f: getattr(article, f) for f in article.__slots__} | {"article_id": "alive", "version": version}
            )
        stream.append(article)
    return stream


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32), st.lists(st.integers(1, 29), max_size=8, unique=True))
def test_any_split_of_a_stream_gives_the_same_stories(seed, cuts):
    stream = make_stream(random.Random(seed), 30)
    whole = run_batches([stream])
    bounds = [0, *sorted(cuts), len(stream)]
    batches = [stream[a:b] for a, b in itertools.pairwise(bounds)]
    rng = random.Random(seed)
    for batch in batches:
        rng.shuffle(batch)
    assert run_batches(batches) == whole


@settings(max_examples=4, deadline=None)
@given(st.integers(0, 2**32))
def test_every_story_has_one_canonical_that_its_members_name_and_that_never_flips(seed):
    stream = make_stream(random.Random(seed), 30)
    memory = Memory()
    heads = {}
    for article in stream:
        for (article_id, _), decision in run_batches([[article]], memory).items():
            head = decision.placed.canonical or article_id
            assert heads.setdefault(decision.placed.story_id, head) == head


def test_a_run_without_stories_changes_nothing():
    memory = Memory()
    assert run_batches([[]], memory) == {}
    first, copy = make_story(), make_story(hours=1, outlet="b.example")
    assert run_batches([[first], [], [copy]]) == run_batches([[first, copy]])
