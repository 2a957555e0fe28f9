"""Whose trade, with whom, in what: read off the words around a flow."""

import re

from spacy.tokens import Token

from schemas.event import Actor
from transforms.events.clauses import agent_of, prepositions_in, subject_of
from transforms.events.context import Context
from transforms.events.name_lists import find_country, find_demonym
from transforms.events.trade_flows import HINT, Flow, words
from transforms.events.trade_goods import goods_phrase, is_goods
from transforms.events.trade_names import (
    as_role,
    demonym_of,
    find_party,
    is_authority,
    is_company,
    is_time,
    nation_of,
    short_name,
)

_REGIONS = {"european": "Europe", "asian": "Asia", "african": "Africa", "arab": "Arab countries", "western": "West"}
_STOPS = frozenset({"DET", "ADP", "AUX", "CCONJ", "SCONJ", "PUNCT", "PART", "PRON", "VERB", "SPACE", "NUM"})


def read_parties(flow: Flow, context: Context) -> tuple[Actor | None, Actor | None, str | None, bool]:
    """Reporter, partner and commodity of a flow word, and whether it is a company's sale."""
    if flow.form == "verb":
        return _of_verb(flow, context)
    reporter, partner, goods, company = _of_modifiers(flow, context)
    if reporter is None and not company and flow.token.dep_ in ("dobj", "pobj", "attr"):
        reporter, company = _holder(flow, context)
    for prep in _prepositions(flow.token):
        noun = next((c for c in prep.children if c.dep_ == "pobj"), None)
        if noun is None:
            continue
        word = prep.lower_
        if word == "between":
            pair = context.names.actors(noun, "partner")
            if len(pair) > 1 and reporter is None and not is_time(noun, context):
                reporter, partner = as_role(pair[0], "reporter"), pair[1]
            continue
        if word == "of":
            nation = nation_of(noun, "reporter")
            lead = next((n for c in noun.lefts if (n := demonym_of(c, "partner"))), None)
            if nation is not None:
                reporter = reporter or nation
            elif noun.pos_ in ("NOUN", "PROPN") and goods is None:
                goods = goods_phrase(noun)
                if lead is not None:
                    if flow.flow == "import":
                        partner = partner or lead
                    else:
                        reporter = reporter or as_role(lead, "reporter")
            continue
        if word in ("in",) and noun.pos_ in ("NOUN",) and goods is None and flow.flow in ("turnover", "balance"):
            if not re.search(r"month|quarter|year|week|period|half|season|sector", noun.lower_):
                goods = goods_phrase(noun)
            continue
        side = _side(flow.flow, word)
        if side is None or (word == "against" and any(c.dep_ == "case" for c in noun.children)):
            continue
        if _is_of_another(prep, flow) or (word == "with" and flow.flow == "export" and prep.head != flow.token):
            continue  # `rose 2 %, with Norland up 7 %`
        party = find_party(noun, side, context)
        if party is None:
            continue
        if side == "reporter" and reporter is None:
            reporter = party
        elif side == "partner" and partner is None:
            partner = party
    return reporter, partner or _partner_after(flow), goods, company


def _is_of_another(prep: Token, flow: Flow) -> bool:
    """`a 4 billion surplus, including 7 billion surplus with Norland`: another flow stands between."""
    between = prep.doc[flow.token.i + 1 : prep.i]
    return any(
        t.lemma_.lower() in ("surplus", "deficit", "export", "import", "gap") and t.tag_ in ("NN", "NNS")
        for t in between
    )


def _partner_after(flow: Flow) -> Actor | None:
    """The country right after `exports to`, `surplus with`, read word by word: old wire copy is parsed poorly."""
    doc, i = flow.token.doc, flow.token.i + 1
    if i >= len(doc) or _side(flow.flow, doc[i].lower_) != "partner":
        return None
    i += 1 + (i + 1 < len(doc) and doc[i + 1].lower_ == "the")
    for length in (3, 2, 1):
        words_ahead = doc[i : i + length]
        found = find_country(words_ahead.text)
        if found is not None:
            return Actor(found.name or words_ahead.text, "partner", words_ahead.text, "country", found.code)
    return None


def _holder(flow: Flow, context: Context) -> tuple[Actor | None, bool]:
    """`South Korea had a trade surplus of …`, `the group posted exports of …`: the subject of its verb."""
    verb = flow.token.head if flow.token.dep_ != "pobj" else flow.token.head.head
    if verb.pos_ == "NOUN" and verb.dep_ == "dobj":  # `posted a 12 per cent drop in exports`
        verb = verb.head
    if verb.lemma_.lower() not in words("holding"):
        return None, False
    subject = subject_of(verb)
    if subject is None or subject.pos_ == "PRON":
        return None, False
    reporter = find_party(subject, "reporter", context)
    return reporter, reporter is None and is_company(subject, context)


def _side(flow: str, preposition: str) -> str | None:
    """Which side a preposition names: exports go `to` the partner, imports go `to` the reporter."""
    table = {
        ("export", "to"): "partner", ("export", "into"): "partner", ("export", "from"): "reporter", ("export", "by"): "reporter",
        ("import", "from"): "partner", ("import", "to"): "reporter", ("import", "into"): "reporter", ("import", "by"): "reporter",
        ("turnover", "with"): "partner", ("balance", "with"): "partner", ("export", "with"): "partner", ("balance", "against"): "partner",
    }  # fmt: skip
    return table.get((flow, preposition))


def _of_verb(flow: Flow, context: Context) -> tuple[Actor | None, Actor | None, str | None, bool]:
    verb = flow.token
    subject = subject_of(verb)
    passive = any(c.dep_ in ("nsubjpass", "auxpass") for c in verb.children)
    doer = agent_of(verb) if passive else subject
    reporter = find_party(doer, "reporter", context) if doer is not None else None
    company = doer is not None and reporter is None and doer.pos_ != "PRON" and is_company(doer, context)
    partner = None
    given = (c for c in verb.children if c.dep_ == "dative" and c.lower_ == "to")  # `sold 3 tonnes to Norland`
    for prep in (*given, *prepositions_in(verb, ("to", "into", "from"))):
        if _side(flow.flow, prep.lower_) == "partner":
            noun = next((c for c in prep.children if c.dep_ == "pobj"), None)
            partner = partner or (find_party(noun, "partner", context) if noun is not None else None)
    return reporter, partner, _object_goods(verb), company


def _object_goods(verb: Token) -> str | None:
    """`exported crude worth $3 billion`, `exported 3 million tonnes of crude`: what is traded is the object."""
    thing = next((c for c in verb.children if c.dep_ in ("dobj", "nsubjpass")), None)
    if thing is None:
        return None
    of = next((c for p in thing.children if p.lower_ == "of" for c in p.children if c.dep_ == "pobj"), None)
    noun = of or thing
    return (
        goods_phrase(noun)
        if noun.pos_ in ("NOUN", "PROPN") and noun.ent_type_ not in ("GPE", "DATE", "MONEY")
        else None
    )


def _of_modifiers(flow: Flow, context: Context) -> tuple[Actor | None, Actor | None, str | None, bool]:
    """Reads `South Korea's`, `Dutch soymeal`, `Armenia-Russia`, `January wheat` before the noun, right to left."""
    doc, sentence = flow.token.doc, flow.token.sent
    first = doc.char_span(flow.start, flow.end, alignment_mode="expand")
    i = (first.start if first is not None else flow.token.i) - 1
    reporter: Actor | None = None
    partner: Actor | None = None
    goods: list[str] = []
    company = False
    while i >= sentence.start:
        token = doc[i]
        if token.lower_ in ("'s", "'", "’s"):
            owner = doc[i - 1] if i > sentence.start else token
            if is_time(owner, context):
                i -= 2
                continue
            reporter = find_party(owner, "reporter", context)
            company = reporter is None and is_company(owner, context)
            company = company or (
                reporter is None and owner.pos_ == "PROPN" and owner.ent_type_ not in ("GPE", "LOC", "NORP")
            )
            break
        if token.tag_ == "PRP$" and token.lower_ in ("its", "their", "our"):
            owner_actor = context.names.actor(token, "reporter")
            if owner_actor is not None and owner_actor.type == "country":
                reporter = owner_actor
            elif owner_actor is not None and owner_actor.type == "organisation":
                company = not is_authority(owner_actor.name)
            break
        name, length = _nation_before(doc, i, sentence.start)
        if name is not None:
            if reporter is not None and partner is None and flow.flow in ("turnover", "balance", "export", "import"):
                partner = as_role(reporter, "partner")
            reporter = name
            i -= length
            if (i >= sentence.start and doc[i].text in ("-", "–", "—", "/")) or (
                i >= sentence.start and doc[i].lower_ == "and" and flow.flow == "turnover"
            ):
                i -= 1
                continue
            if goods or flow.flow != "turnover":
                break
            continue
        region = _REGIONS.get(token.lower_)
        if region is not None:
            reporter = Actor(region, "reporter", token.text, "group")
            break
        if token.lower_ in words("regions") and token.lower_ == "world":
            reporter = Actor("world", "reporter", token.text, "group")
            i -= 1
            continue
        if token.text.replace(".", "") in words("blocs"):
            reporter = Actor(token.text.replace(".", ""), "reporter", token.text, "organisation")
            break
        if token.lower_ == "and" and goods and _joins_goods(doc[i - 1], flow):
            goods.insert(0, "and")
            i -= 1
            continue
        if (
            token.pos_ in _STOPS
            and token.text not in ("-", "/", ")")
            and (token.lower_ not in words("generic") or token.pos_ not in ("VERB", "ADJ", "ADV"))
        ):
            break
        if token.tag_ == "VBD" and token.dep_ == "ROOT":  # `traders projected exports`
            break
        if token.lower_ in words("generic") or is_time(token, context) or token.like_num:
            i -= 1
            continue
        if token.text == "-":
            i -= 1
            continue
        if token.text == ")" and (opened := _opening(token)) is not None:
            i = opened - 1  # `video recorder (VCR) exports`
            continue
        if token.text == "/" and goods and not is_time(doc[i - 1], context):
            goods[0] = f"{doc[i - 1].text}/{goods[0]}"
            i -= 2
            continue
        if token.ent_type_ == "ORG" and not goods:
            company = is_company(token, context)
            break
        if not is_goods(token, flow):
            break
        if token.lower_ == "non" and not goods:  # `non-seasonally adjusted`
            i -= 1
            continue
        if token.lower_ in ("group", "company", "corporate") and not goods:
            company = True  # `group exports to Norland`
            break
        if goods and doc[i + 1].text == "-":  # `non-oil` stays one word
            goods[0] = f"{token.text}-{goods[0]}"
        else:
            goods.insert(0, token.text)
        i -= 1
    return reporter, partner, (" ".join(goods) or None), company


def _joins_goods(token: Token, flow: Flow) -> bool:
    """`oil` of `oil and gas exports`, not `output` of `output and gas exports`."""
    known = token.lower_ in words("generic") or token.lower_ in words("rivals") or HINT.search(token.text) is not None
    return token.pos_ == "NOUN" and token.tag_ == "NN" and not known and is_goods(token, flow)


def _opening(closing: Token) -> int | None:
    """Where the bracket before a flow word opened, at most three words back."""
    return next((i for i in range(closing.i - 1, max(closing.i - 5, -1), -1) if closing.doc[i].text == "("), None)


def _nation_before(doc: "object", i: int, floor: int) -> tuple[Actor | None, int]:
    """A demonym or a country's name that ends at token i, and how many tokens it has."""
    for length in (3, 2, 1):
        start = i - length + 1
        if start < floor:
            continue
        span = doc[start : i + 1]  # type: ignore[index]
        found = find_demonym(span.text) or find_country(span.text)
        if found is not None:
            return Actor(short_name(found, span.text), "reporter", span.text, "country", found.code), length
    return None, 0


def _prepositions(token: Token) -> list[Token]:
    """Prepositional phrases that complete a flow noun, or its verb right after it."""
    own = [c for c in token.children if c.dep_ == "prep"]
    inner = [
        c
        for p in own
        for n in p.children
        if n.dep_ == "pobj"
        for c in n.children
        if c.dep_ == "prep" and (p.lower_ != "in" or n.lemma_ == "trade")
    ]
    head = token.head
    later = (
        [c for c in head.children if c.dep_ == "prep" and c.i > token.i and head.pos_ in ("VERB", "AUX")]
        if token.dep_ in ("nsubj", "nsubjpass", "dobj")
        else []
    )
    return own + inner + [c for c in later if c.lower_ in ("to", "from", "with", "by", "between")]
