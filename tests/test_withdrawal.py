"""Withdrawals: who leaves or withdraws what from where; what is none."""

import pytest
from event_reading import find_all, names_of, read, trigger_of

from transforms.events import withdrawal
from transforms.events.repeats import drop_withdrawal_repeats

ONE = [
    # text, trigger, actor, object, source, category
    ("Russia withdrew its troops from Syria.", "withdrew", "Russia", "troops", "Syria", "military"),
    ("France pulled its soldiers out of Niger.", "pulled", "France", "soldiers", "Niger", "military"),
    ("The troops were pulled out of Niger by France.", "pulled out", "France", "troops", "Niger", "military"),
    ("Iran quit the nuclear treaty in May.", "quit", "Iran", None, "nuclear treaty", "agreement"),
    ("Qatar left the oil bloc on Monday.", "left", "Qatar", None, "oil bloc", "organisation"),
    ("Ron DeSantis dropped out of the race.", "dropped out", "Ron DeSantis", None, "race", "candidacy"),
    ("Boris Johnson resigned as prime minister.", "resigned", "Boris Johnson", None, "prime minister", "post"),
    ("Boris Johnson stepped down from the post.", "stepped down", "Boris Johnson", None, "post", "post"),
    ("Renault exited the Russian market.", "exited", "Renault", None, "Russian market", "business"),
    ("Peru withdrew the bill on Monday.", "withdrew", "Peru", "bill", None, "proposal"),
    ("Norway withdrew its support for the plan.", "withdrew", "Norway", "support for the plan", None, "support"),
    (
        "Peru withdrew its objections to Chile's plan for a canal.",
        "withdrew", "Peru", "objections to Chile's plan for a canal", None, "proposal",
    ),
    ("Peru withdrew the bill on foreign agents in May.", "withdrew", "Peru", "bill on foreign agents", None, "proposal"),
    (
        "Britain withdrew the licences of Dutch banks and insurers on Friday.",
        "withdrew", "United Kingdom", "licences of Dutch banks and insurers", None, "support",
    ),
    ("Chile has asked France to withdraw its troops from the country.", "withdraw", "France", "troops", "Chile", "military"),
    ("The withdrawal of some invasion forces from Panama began.", "withdrawal", "invasion forces", None, "Panama", "military"),
    ("McDonald's left Russia in 2022.", "left", "McDonald's", None, "Russia", "business"),
    ("Chile recalled its ambassador from Lima.", "recalled", "Chile", "ambassador", "Lima", "post"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "trigger", "actor", "thing", "source", "category"), ONE, ids=[case[0] for case in ONE]
)
def test_one_withdrawal(text, trigger, actor, thing, source, category):
    (mention,) = find_all(withdrawal, text)
    assert trigger_of(mention, text) == trigger
    assert names_of(mention, "withdrawer") == [actor]
    assert (mention.detail.object, mention.detail.source, mention.detail.category) == (thing, source, category)


@pytest.mark.parametrize(
    ("text", "actor", "source"),
    [
        ("The withdrawal of France from the treaty surprised Berlin.", "France", "treaty"),
        ("Britain's exit from the European Union took years.", "Britain", "European Union"),
        ("The resignation of Prime Minister Liz Truss came on Thursday.", "Liz Truss", "Prime Minister"),
    ],
)
def test_nouns(text, actor, source):
    (mention,) = find_all(withdrawal, text)
    assert names_of(mention, "withdrawer")[0].replace("United Kingdom", "Britain") == actor
    assert mention.detail.source == source


@pytest.mark.parametrize(
    "text",
    [
        "Anna Lopez withdrew 300 dollars from the bank.",
        "He pulled out a chair and sat down.",
        "Judge Anna Lopez retired at 70.",
        "Anna Lopez left the room.",
        "Anna Lopez left the keys on the table.",
        "The fire left the party without a home.",
        "Anna Lopez will not stand again in May.",
        "Doctors treat withdrawal symptoms.",
        "Many people quit smoking.",
        "The minister departed for Rome.",
    ],
)
def test_no_withdrawal(text):
    assert find_all(withdrawal, text) == []


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("France will withdraw its troops from Niger.", "planned"),
        ("Critics urged Anna Lopez to resign.", "possible"),
        ("Anna Lopez faces calls to resign.", "possible"),
        ("Anna Lopez faces calls after she resigned.", "asserted"),
        ("The army has demanded that the premier resign.", "possible"),
        ("Anna Lopez refused to resign.", "negated"),
        ("Anna Lopez tendered her resignation.", "asserted"),
    ],
)
def test_modality(text, modality):
    (mention,) = find_all(withdrawal, text)
    assert mention.modality == modality


@pytest.mark.parametrize(
    ("passing", "told"),
    [
        ("The aircraft was leaving a parking space.", "The last jets left the base on Friday."),
        ("It was her last party before leaving Congress.", "Ann Lee left the Congress party in May."),
        ("It may not come until after Lee leaves office.", "Ann Lee left office on Monday."),
        ("Bo Chen moved in when Ann Lee left the White House.", "The troops left the country when Lee lost the vote."),
        (
            "The crowd cheered Felipe Lee after an emotional exit from the circuit.",
            "Norland's exit from the union took years.",
        ),
        (
            "The company left the company's name unchanged.",
            "Adam Stone can name directors, even though he left the company.",
        ),
        (
            "The bank left the company.",
            "After chief executive Adam Stone left the company in October, a bank stepped in.",
        ),
    ],
)
def test_a_departure_in_passing_and_a_report(passing, told):
    assert find_all(withdrawal, passing) == []
    assert len(find_all(withdrawal, told)) == 1


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Ann Lee left the race on Tuesday. The Peruvian senator suspended her campaign after a defeat.", 2),
        ("Ann Lee suspended her campaign on Tuesday. The Peruvian senator suspended her campaign after a defeat.", 1),
        ("Norland will quit the European Union. Norland will quit the EU.", 1),
        ("Critics urged Bo Chen to resign as chairman. Others urged Bo Chen to resign from Congress.", 2),
        ("Bo Chen resigned in protest. Many other officials tendered their resignations.", 2),
        ("Ann Lee left the race on Tuesday. Bo Chen suspended his campaign on Friday.", 2),
        ("Ann Lee suspended her campaign. She left the race on Tuesday.", 2),
        ("Ann Lee left the race on Monday. Bo Chen never won, and he suspended his campaign in May.", 2),
        ("Norland will exit the Lisbon accord in May. Norland's exit from the accord will hurt growth.", 1),
        ("Ann Lee may resign as mayor. Ann Lee's resignation was accepted.", 2),
    ],
)
def test_a_withdrawal_told_again_counts_where_it_adds_something(text, count):
    assert len(find_all(withdrawal, text)) == count


def test_the_eve_is_no_part_of_the_post():
    (mention,) = find_all(withdrawal, "Ann Lee stepped down as the union's regional chair on the eve of the vote.")
    assert mention.detail.source == "union's regional chair"


MODERN = [
    # text, actor, object, source, category
    ("Norland will leave OPEC effective Jan. 1.", "Norland", None, "OPEC", "organisation"),
    (
        "Seven lawmakers left the Labour Party to sit as independents.",
        "Seven lawmakers",
        None,
        "Labour Party",
        "organisation",
    ),
    (
        "Lars Holm, chief executive of Norbank, quit on Tuesday.",
        "Lars Holm",
        None,
        "chief executive of Norbank",
        "post",
    ),
    ("The bank's top dealmaker, Paul Taub, left the firm.", "Paul Taub", None, "firm", "post"),
    ("Ann Lee left the network in May.", "Ann Lee", None, "network", "post"),
    ("Ann Poole pulled Britain out of the nuclear deal.", "Ann Poole", "Britain", "nuclear deal", "agreement"),
    ("Moscow suspended its participation in the arms treaty.", "Moscow", "participation", "arms treaty", "agreement"),
    ("Moscow tore up the trade pact.", "Moscow", "trade pact", None, "agreement"),
    ("Turkey abandoned the Lisbon Convention by decree.", "Turkey", None, "Lisbon Convention", "agreement"),
    (
        "Several donors have withdrawn their support for the governor.",
        "donors",
        "support for the governor",
        "governor",
        "support",
    ),
    ("The carmaker ceased operations in Brazil.", "carmaker", "operations", "Brazil", "business"),
    ("The paper retracted its claim about the senator.", "paper", "claim", None, "proposal"),
    ("The troops were pulled out of Lima.", "troops", None, "Lima", "military"),
    ("The withdrawal of Chilean peacekeepers from Lima began.", "Chilean peacekeepers", None, "Lima", "military"),
    ("The Chilean troop withdrawal from Peru ended.", "Chile", "troop", "Peru", "military"),
    ("Sara Vale, the tennis champion, withdrew from the race with an injury.", "Sara Vale", None, "race", "other"),
    ("The police chief refused a request by Ann Lee to step down.", "police chief", None, "police chief", "post"),
    ("Founder and chairman Boyd Jeffers has resigned.", "Boyd Jeffers", None, "chairman", "post"),
    ("France is withdrawing some of its troops from Niger.", "France", "troops", "Niger", "military"),
    (
        "Norway is withdrawing its aircraft carrier from the waters off Syria.",
        "Norway",
        "aircraft carrier",
        "waters",
        "military",
    ),
    (
        "The talks dealt with a demand that Turkish forces withdraw from a town in Iraq.",
        "Turkish forces",
        None,
        "town",
        "military",
    ),
    ("Three foreign carmakers pulled out in 1984.", "Three foreign carmakers", None, None, "business"),
    ("The minister pulled out of the trade talks for political reasons.", "minister", None, "trade talks", "other"),
    ("The exit of two senior ministers deepened the crisis.", "two senior ministers", None, None, "post"),
    ("Ukraine's retreat from Kherson was confirmed on Sunday.", "Ukraine", None, "Kherson", "military"),
    ("It followed the departure of several executives from the company.", "executives", None, "company", "post"),
    ("The chairman's departure was announced on Thursday.", "chairman", None, "chairman", "post"),
    ("Saudi Arabia severed diplomatic relations with Iran.", "Saudi Arabia", None, "Iran", "other"),
    ("The two banks walked away from a merger.", "two banks", None, "merger", "business"),
    ("Sara Vale withdrew from the Lima Open.", "Sara Vale", None, "Lima Open", "other"),
    ("Dana Price quit the mayoral race.", "Dana Price", None, "mayoral race", "candidacy"),
    ("Gen. Amos Katz left the army to enter politics.", "Amos Katz", None, "army", "post"),
    (
        "The bank's chief product officer is departing after 13 years.",
        "bank's chief product officer",
        None,
        "bank's chief product officer",
        "post",
    ),
    ("Secretary of State Ann Lee will resign.", "Ann Lee", None, "Secretary of State", "post"),
    (
        "One of the top executives of the fund has tendered his resignation.",
        "top executives of the fund",
        None,
        None,
        "post",
    ),
    ("Bo Chen handed in a letter of resignation.", "Bo Chen", None, None, "post"),
    ("The rebel force was abandoning the oasis.", "rebel force", None, "oasis", "military"),
    (
        "The airline said its cargo unit would pull out of market making.",
        "cargo unit",
        None,
        "market making",
        "business",
    ),
    ("Peru withdrew from the World Bank.", "Peru", None, "World Bank", "organisation"),
]


@pytest.mark.parametrize(("text", "actor", "thing", "source", "category"), MODERN, ids=[case[0] for case in MODERN])
def test_who_leaves_what(text, actor, thing, source, category):
    (mention,) = find_all(withdrawal, text)
    assert names_of(mention, "withdrawer")[0] == actor
    assert (mention.detail.object, mention.detail.source, mention.detail.category) == (thing, source, category)


def test_the_vote_to_leave_names_nobody():
    (mention,) = find_all(withdrawal, "Prices have risen since the vote to leave the European Union.")
    assert names_of(mention, "withdrawer") == []
    assert mention.detail.source == "European Union"


@pytest.mark.parametrize(
    ("text", "sources"),
    [
        (
            "Party chairwoman Ann Lee spoke for an hour. Ms Lee resigned on Monday.",
            ["Party chairwoman"],
        ),
        ("Ann Lee may resign from Congress. Critics welcomed Ms Lee's resignation.", ["Congress", "Congress"]),
        (
            "Critics urged Bo Chen to drop out of the Senate race. Mr Chen refused to step down.",
            ["Senate race", "Senate race"],
        ),
    ],
)
def test_what_is_left_is_told_once(text, sources):
    assert [m.detail.source for m in find_all(withdrawal, text)] == sources


@pytest.mark.parametrize(
    "text",
    [
        "The army left the town in ruins.",
        "The donor left the party to pick up the pieces.",
        "Bo Chen was tired, resigned and silent.",
        "Bo Chen left the office at noon.",
        "The striker was withdrawn at half time.",
        "Ann Lee left behind an empty desk at the ministry.",
        "The candidate ended her campaign with a rally in Lima.",
        "Ann Lee yawned and withdrew.",
        "The gunman fled, leaving five dead.",
        "The president's departure for Lima was delayed.",
        "The cost was offset by a withdrawal of surplus funds from pension schemes.",
        "Bo Chen pulled himself out of his nostalgia.",
        "The pair got into a car before leaving the club.",
        "The bank saw a net cash withdrawal from the system.",
        "Ann Lee gave the white team a heads up.",
    ],
)
def test_nothing_is_left_for_good(text):
    assert find_all(withdrawal, text) == []


def test_they_who_left_are_the_forces_named_before():
    text = "The envoys spoke of the Chilean guards at the port, since precedents exist: in 2023 they left the airport of Lima."
    (mention,) = find_all(withdrawal, text)
    assert names_of(mention, "withdrawer") == ["Chilean guards"]
    assert mention.detail.category == "military"


def test_all_who_leave_are_named():
    (mention,) = find_all(withdrawal, "Norland and Peru quit the treaty.")
    assert names_of(mention, "withdrawer") == ["Norland", "Peru"]


def test_repeats_are_dropped_until_they_add_something():
    text = "Anna Lopez resigned. Ms Lopez resigned. Ms Lopez resigned as mayor. Critics had urged Ms Lopez to resign."
    found = find_all(withdrawal, text)
    assert [(m.detail.source, m.modality) for m in found] == [
        (None, "asserted"),
        ("mayor", "asserted"),
        ("mayor", "possible"),
    ]


def test_drop_repeats_is_idempotent():
    context = read(" ".join(case[0] for case in ONE))
    found = [m for s in context.doc.sents for m in withdrawal.find(s, context)]
    once = drop_withdrawal_repeats(found)
    assert drop_withdrawal_repeats(once) == once
