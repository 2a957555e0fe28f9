"""Numbers of a sentence that belong to trade flows, and to which of them."""

import dataclasses
import re

from spacy.tokens import Span, Token

from transforms.events.clauses import subject_of
from transforms.events.context import Context
from transforms.events.lexicon import read_lexicon
from transforms.events.quantities import Quantity, find_quantities
from transforms.events.trade_flows import Flow, State, words
from transforms.events.trade_patterns import read_pattern
from transforms.events.trade_periods import date_figures, join_changes
from transforms.events.trade_roles import role_of, words_of
from transforms.events.trade_values import Figure, is_plausible, make_figure

_BEEN = frozenset({"", "were", "was", "are", "have been", "had been", "will be"})
_BALANCES = frozenset({"surplus", "deficit", "account", "gap", "balance", "shortfall"})


def read_figures(
    sentence: Span, flows: list[Flow], rivals: list[Token], context: Context, state: State
) -> list[Figure]:
    """Reads the figures of a sentence in order."""
    at = sentence.start_char
    times = context.times.of_sentence(sentence)
    quantities = [
        dataclasses.replace(
            q, start=q.start + at, end=q.end + at, cue=(q.cue[0] + at, q.cue[1] + at) if q.cue else None
        )
        for q in find_quantities(sentence.text)
    ]
    quantities = [
        q for q in quantities if q.kind != "points" and not any(t.start < q.end and q.start < t.end for t in times)
    ]
    owned: list[tuple[Quantity, Flow, str]] = []
    for i, quantity in enumerate(quantities):
        flow = _flow_of(quantity, sentence, flows, rivals)
        if flow is None or not is_plausible(quantity, flow, sentence, [q for q, f, _ in owned], state):
            continue
        owned.append((quantity, flow, role_of(quantity, flow, quantities[i - 1] if i else None, owned, sentence)))
    owned = _pair_off(owned, flows, sentence)
    figures = [make_figure(q, flow, role, [o[0] for o in owned], sentence, state) for q, flow, role in owned]
    figures = date_figures(figures, sentence, times, context, state)
    return join_changes(figures, sentence)


def _flow_of(q: Quantity, sentence: Span, flows: list[Flow], rivals: list[Token]) -> Flow | None:
    """The flow that a number belongs to: one right after it (`$5 billion in exports`), else the last before it."""
    for flow in flows:
        if flow.start >= q.end and flow.form == "verb" and words_of(sentence, q.end, flow.start).strip() in _BEEN:
            each = read_pattern("each").search(words_of(sentence, q.start - 8, q.start))
            return flow if each is None else None  # `including 3,000 tonnes imported`
        if (
            flow.start >= q.end
            and flow.form == "noun"
            and (q.kind in ("money", "unit") or (q.kind == "bare" and q.scaled))
        ):
            gap = words_of(sentence, q.end, flow.start)
            if _is_levied(q, sentence):
                return None
            if read_pattern("before_flow").match(gap) and not read_pattern("apart").search(gap):
                return flow
            led = words_of(sentence, sentence.start_char, q.start)
            if read_pattern("from_flow").match(gap) and read_pattern("earns").search(led):
                return flow  # `earned $3 billion from tea exports`
            break
    if q.kind == "percent":
        for flow in flows:
            if flow.start < q.end or flow.form != "noun":
                continue
            gap, led = words_of(sentence, q.end, flow.start), words_of(sentence, sentence.start_char, q.start)
            if (
                (not gap.strip() and flow.token.lower_ == "growth")
                or read_pattern("change_of").match(gap)
                or (read_pattern("rise_of").search(led) and read_pattern("in_flow").match(gap))
            ):
                return flow
    before = [f for f in flows if f.end <= q.start]
    if not before:
        return None
    flow = before[-1]
    gap = words_of(sentence, flow.end, q.start)
    aside = re.sub(r",[^,]*,", lambda m: " " * len(m[0]) if not re.search(r"\d", m[0]) else m[0], gap)
    between = [
        r for r in rivals if flow.end <= r.idx < q.start and aside[r.idx - flow.end : r.idx - flow.end + len(r)].strip()
    ]
    governor = _governor(q, sentence)
    if governor is not None:
        subject = subject_of(governor)
        if subject is not None and subject.i >= sentence.start:
            if any(r.i == subject.i and (r.idx > flow.start or governor.idx >= flow.end) for r in rivals):
                return None
            if subject.lower_ in _BALANCES and not any(f.start <= subject.idx < f.end for f in flows):
                return None
            if flow.start <= subject.idx < flow.end:
                between = [r for r in between if r.dep_ in ("dobj", "conj") and r.head.i >= subject.i]
            elif q.kind == "percent" and _is_another(subject, flow):
                return None
    if between:
        return None
    after = read_pattern("counted").match(words_of(sentence, q.end, sentence.end_char))
    if after and any(w in words("rivals") for w in after[1].lower().split()[:2]):
        return None
    if re.search(read_lexicon("trade")["allowed"], words_of(sentence, flow.start, q.start), re.IGNORECASE):
        return None
    verbs = [t for t in sentence if flow.end <= t.idx < q.start and t.pos_ == "VERB" and t.dep_ not in ("amod", "acl")]
    if any(v.lemma_.lower() not in words("links") for v in verbs[-1:]):
        return None
    return flow


def _is_another(subject: Token, flow: Flow) -> bool:
    """`exports slowed, but it is growing by 2 per cent`: `it` is none of several exports."""
    return subject.lower_ == "it" and subject.idx > flow.end and flow.token.tag_ == "NNS"


def _pair_off(
    owned: list[tuple[Quantity, Flow, str]], flows: list[Flow], sentence: Span
) -> list[tuple[Quantity, Flow, str]]:
    """`exports and imports stood at 3 and 5 billion, respectively`: as many numbers as flows before them, in the same order."""
    if not owned or len(flows) < 2 or not read_pattern("respectively").search(sentence.text):
        return owned
    ahead = [f for f in flows if f.end <= owned[0][0].start]
    levels = [o for o in owned if o[2] in ("level", "change")]
    if len(ahead) != len(flows) or len(levels) != len(ahead) or len({o[2] for o in levels}) > 1:
        return owned
    own = {id(o[0]): flow for o, flow in zip(levels, ahead, strict=True)}
    return [(q, own.get(id(q), flow), role) for q, flow, role in owned]


def _is_levied(q: Quantity, sentence: Span) -> bool:
    """`tariffs on up to $60 billion of imports`: the number is that of the tariffs, sanctions or bans."""
    led = words_of(sentence, sentence.start_char, q.cue[0] if q.cue and q.cue[0] < q.start else q.start)
    return bool(re.search(read_lexicon("trade")["levied"], led, re.IGNORECASE))


def _governor(q: Quantity, sentence: Span) -> Token | None:
    span = sentence.doc.char_span(q.start, q.end, alignment_mode="expand")
    token = span.root if span is not None else None
    for _ in range(6):
        if token is None or token.head == token:
            return None
        token = token.head
        if token.pos_ in ("VERB", "AUX"):
            return token
    return None
