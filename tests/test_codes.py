"""CAMEO and PLOVER codes by the one table."""

import pytest

from schemas.event import Actor, Meeting, Statement, TradeFigure, Withdrawal
from transforms.events.codes import Codes, _table, find_codes
from transforms.events.context import Mention

# Roots of CAMEO -> what PLOVER makes of them (conversion table of 2021; 161 is also a cancelled visit).
TYPES = {
    "01": {None}, "02": {"REQUEST"}, "03": {"AGREE", "CONCEDE"}, "04": {"CONSULT"}, "05": {"SUPPORT"}, "08": {"RETREAT"},
    "10": {"REQUEST"}, "11": {"ACCUSE"}, "12": {"REJECT"}, "13": {"THREATEN"}, "16": {"SANCTION", "REJECT"},
}  # fmt: skip
MODES = {
    "AGREE": set(), "CONCEDE": set(), "CONSULT": {"phone", "visit", "third-party", "multilateral"}, "SUPPORT": set(),
    "RETREAT": {"withdraw", "resign"}, "REQUEST": {"meet", "yield", "change"}, "ACCUSE": {"disapprove"}, "REJECT": {"meet", "yield", "change"},
    "THREATEN": {"relations", "expel"}, "SANCTION": {"withdraw", "discontinue"},
}  # fmt: skip


def make_mention(kind, detail, modality="asserted", cue=None, actors=()):
    return Mention(
        kind, (0, 1), (0, 9), detail, f"{kind}.x", modality=modality, modality_cue=cue,
        actors=tuple(Actor(name, "withdrawer") for name in actors),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("detail", "modality", "cue", "trigger", "wanted"),
    [
        (Meeting("call"), "asserted", None, "phoned", ("041", "CONSULT", "phone")),
        (Meeting("talks"), "asserted", None, "talks", ("046", "CONSULT", None)),
        (Meeting("talks"), "asserted", None, "mediation", ("045", "CONSULT", "third-party")),
        (Meeting("visit"), "asserted", None, "visited", ("042", "CONSULT", "visit")),
        (Meeting("in_person"), "asserted", None, "hosted", ("043", "CONSULT", "visit")),
        (Meeting("conference"), "asserted", None, "summit", ("040", "CONSULT", "multilateral")),
        (Meeting("visit"), "planned", "will", "visit", ("036", "AGREE", None)),
        (Meeting("talks"), "possible", "called for", "talks", ("026", "REQUEST", "meet")),
        (Meeting("talks"), "possible", "demanded", "talks", ("106", "REQUEST", "meet")),
        (Meeting("talks"), "possible", "threatened", "talks", ("134", "THREATEN", "relations")),
        (Meeting("talks"), "possible", "may", "talks", (None, None, None)),
        (Meeting("talks"), "negated", "refused", "talks", ("125", "REJECT", "meet")),
        (Meeting("talks"), "negated", "suspended", "talks", ("164", "SANCTION", "withdraw")),
        (Meeting("visit"), "negated", "cancelled", "visit", ("161", "REJECT", "meet")),
        (Statement("direct", "x"), "asserted", None, "said", ("010", None, None)),
        (Statement("indirect", "x"), "asserted", None, "Called for", ("020", "REQUEST", None)),
        (Statement("indirect", "x"), "asserted", None, "called", ("010", None, None)),
        (Statement("indirect", "x"), "asserted", None, "condemned", ("111", "ACCUSE", "disapprove")),
        (Statement("indirect", "x"), "asserted", None, "denied", ("016", None, None)),
        (Statement(None, None), "negated", None, "declined to comment", ("011", None, None)),
        (Statement("indirect", "x"), "negated", "not", "said", (None, None, None)),
        (Statement("indirect", "x"), "planned", "will", "announce", (None, None, None)),
        (Withdrawal("military"), "asserted", None, "left", ("0874", "RETREAT", "withdraw")),
        (Withdrawal("military", "peacekeepers"), "asserted", None, "withdrew", ("1661", "SANCTION", "withdraw")),
        (Withdrawal("military"), "planned", "will", "leave", ("0356", "CONCEDE", None)),
        (Withdrawal("military"), "possible", "urged", "withdraw", ("0256", "REQUEST", "yield")),
        (Withdrawal("agreement"), "asserted", None, "quit", ("166", "SANCTION", "withdraw")),
        (Withdrawal("agreement"), "possible", "threatened", "quit", ("136", "THREATEN", "expel")),
        (Withdrawal("other", None, "peace talks"), "asserted", None, "left", ("164", "SANCTION", "withdraw")),
        (Withdrawal("post"), "asserted", None, "resigned", (None, "RETREAT", "resign")),
        (Withdrawal("post"), "asserted", None, "removal", (None, None, None)),
        (Withdrawal("post", "its ambassador"), "asserted", None, "recalled", ("161", "SANCTION", "withdraw")),
        (Withdrawal("candidacy"), "asserted", None, "quit", (None, None, None)),
        (TradeFigure("export"), "asserted", None, "exports", (None, None, None)),
    ],
)  # fmt: skip
def test_codes_come_from_the_table_and_are_null_where_the_ontologies_have_none(detail, modality, cue, trigger, wanted):
    kind = {Meeting: "meeting", Statement: "statement", Withdrawal: "withdrawal"}.get(type(detail), "trade_figure")
    assert find_codes(make_mention(kind, detail, modality, cue), trigger) == Codes(*wanted)


def test_an_ambassador_who_resigns_is_not_recalled():
    mention = make_mention("withdrawal", Withdrawal("post"), actors=("ambassador",))
    assert find_codes(mention, "resigned") == Codes(None, "RETREAT", "resign")


def test_every_row_fits_the_codebooks():
    rows, groups = _table()
    for kind, _, modality, _, codes in rows:
        assert kind in ("meeting", "statement", "withdrawal")
        assert modality in ("asserted", "planned", "possible", "negated")
        if codes.cameo is not None:
            assert codes.plover_type in TYPES[codes.cameo[:2]], codes
        if codes.plover_mode is not None:
            assert codes.plover_mode in MODES[codes.plover_type], codes
    assert set().union(*(needed for *_, needed, _ in rows)) == {name for _, name, _ in groups}
