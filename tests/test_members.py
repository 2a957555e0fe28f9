"""Who stands in a phrase for several: lists that the parse breaks, one office of several nations, countries told of before."""

import pytest
from event_reading import find_all, names_of
from test_names import read

from transforms.events import meeting

CASES = [
    # each nation has one
    (
        "The foreign ministers of Armenia and Peru met in Lima on Friday.",
        ["foreign minister of Armenia", "foreign minister of Peru"],
    ),
    ("The Greek and Turkish prime ministers met in Lima.", ["Greek prime minister", "Turkish prime minister"]),
    # whom the article names
    (
        "Chilean President Ann Ode flew in. The presidents of Chile and Peru met in Lima on Friday.",
        ["Ann Ode", "president of Peru"],
    ),
    ("The presidents of Chile and Peru, Gabriel Ortiz and Dina Vargas, met in Lima on Friday.", ["Gabriel Ortiz", "Dina Vargas"]),
    # several of each
    ("Russian and US trade negotiators met in Lima.", ["Russian trade negotiators", "US trade negotiators"]),
    (
        "French, German and British officials met Iranian diplomats in Geneva on Friday.",
        ["French officials", "German officials", "British officials", "Iranian diplomats"],
    ),
    ("Russia and Ukraine's negotiators met in Lima.", ["Russia's negotiators", "Ukraine's negotiators"]),
    ("Negotiators for Hamas and Israel met in Lima.", ["negotiators for Hamas", "negotiators for Israel"]),
    # countries named together before
    (
        "Chile and Peru signed a pact. The leaders of the two countries met in Lima on Friday.",
        ["leader of Chile", "leader of Peru"],
    ),
    # one nation, or none, stays as it is
    ("Leaders of the two firms met in Lima on Friday.", ["Leaders of the two firms"]),
    (
        "The judge let Ann Ode go but told her not to leave Peru, Norwegian officials said at talks with Bo Chen in Lima.",
        ["Norwegian officials", "Bo Chen"],
    ),
    # the country, not `us`
    ("The US, Russia, and Switzerland met yesterday.", ["United States", "Russia", "Switzerland"]),
    ("In the excerpt, the two met in Lima.", []),
    ("Ann Ode, owner of the Times and a senior adviser, met Bo Chen in Lima.", ["Ann Ode", "Bo Chen"]),
    ("India and China held talks in Lima.", ["India", "China"]),
    # nobody is left where words for two say no more than the names beside them
    (
        "Ann Ode and Bo Ibe held talks in Riyadh on Tuesday, the first between the two countries in years.",
        ["Ann Ode", "Bo Ibe"],
    ),
    # lists that the parse breaks
    (
        "European Commission President Ursula von der Leyen and European Council President Charles Michel met Ann Ode.",
        ["Ursula von der Leyen", "Charles Michel", "Ann Ode"],
    ),
    (
        "Senate Majority Leader Ann Ode, D-N.Y., and House Speaker Mike Finch, R-La., met Carla Webb on Tuesday.",
        ["Ann Ode", "Mike Finch", "Carla Webb"],
    ),
    (
        "Ann Ode met her Israeli counterpart, Yoav Stern, and Prime Minister Benjamin Katz in Tel Aviv.",
        ["Ann Ode", "Yoav Stern", "Benjamin Katz"],
    ),
    ("Reps. Ann Ode and Bill Finch met Sens. Ted Webb and John Braun.", ["Ann Ode", "Bill Finch", "Ted Webb", "John Braun"]),
    (
        "Pune lawmaker Ann Ode held a meeting with the District Commissioner, the Mayor and representatives of the dealers.",
        ["Ann Ode", "District Commissioner", "Mayor", "representatives of the dealers"],
    ),
    ("Friedrich Braun hosted Zelenskyy and European leaders in Berlin.", ["Friedrich Braun", "Zelenskyy", "European leaders"]),
    ("Ann Ode will meet her counterpart Italian President Sergio Matta in Rome.", ["Ann Ode", "Sergio Matta"]),
    ("Ann Ode met another powerful diplomat, Ambassador Bo Finch of Peru.", ["Ann Ode", "Bo Finch"]),
    (
        "Ann Ode will hold meetings with the party leaders in parliament, Paul Ryan and Mitch Finch.",
        ["Ann Ode", "Paul Ryan", "Mitch Finch"],
    ),
    ("President Ann Ode describes talks with Bo Chen as excellent.", ["Ann Ode", "Bo Chen"]),
    (
        "Ann Ode will hold talks in Lima with President Bo Chen, Cabinet Secretary Carl Finch told reporters.",
        ["Ann Ode", "Bo Chen"],
    ),
    ("The finance ministers of Peru and OPEC met in Lima.", ["finance minister of Peru", "finance ministers of OPEC"]),
    # an office, its place, and who holds it between commas
    (
        "The minister has received the UAE Ambassador to Bahrain, Ahmed Nasser, in Lima.",
        ["minister", "Ahmed Nasser"],
    ),
    (
        "Hakan Ode met his Iraqi counterpart Fuad Nasser in Baghdad, the first such talks between the two neighbours in years.",
        ["Hakan Ode", "Fuad Nasser"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text for text, _ in CASES])
def test_members(text, expected):
    [mention] = find_all(meeting, text)
    assert names_of(mention, "participant") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("South Korean President Moon Jae-in met Kim Yong-un. Moon left.", {"Moon Jae-in", "Kim Yong-un"}),
        ("President Lai Ching-te met Han Duck-soo in Seoul.", {"Lai Ching-te", "Han Duck-soo"}),
        ("Luiz Inácio Lula da Silva spoke. Lula left.", {"Luiz Inácio Lula da Silva"}),
        ('President Ferdinand "Bongo" Marquez Jr. spoke. Marquez left.', {'Ferdinand "Bongo" Marquez Jr.'}),
        ("Robert F. Finch, Jr. said he would stay.", {"Robert F. Finch, Jr."}),
        ("Luther Stan Pate IV spoke. Pate left.", {"Luther Stan Pate IV"}),
        ("Brent Finch III spoke of his father, Brent Finch, Jr. Finch left.", {"Brent Finch III", "Brent Finch, Jr."}),
        ("Ann Ode met the Minister of Trade of Jordan Ayman Al Nasser.", {"Ann Ode", "Ayman Al Nasser"}),
        ("In August Finch met Ann Ode.", {"Finch", "Ann Ode"}),
        ("Cleveland Mayor Terry Finch left.", {"Terry Finch"}),
        ("Aung San Suu Kyi met Ann Ode in Lima. Suu Kyi left.", {"Aung San Suu Kyi", "Ann Ode"}),
        (
            "Ann Ode met Minister of Foreign Affairs and Trade of the Kingdom of Jordan Ayman Nasser on Monday.",
            {"Ann Ode", "Ayman Nasser"},
        ),
        ("Ann Ode met Chief of Army Staff General Asim Nasser.", {"Ann Ode", "Asim Nasser"}),
        ("Delhi CM Ajay Rao met Ann Ode.", {"Ajay Rao", "Ann Ode"}),
        ("Mauritania's President Mohamed Ould Abdel Aziz met Ann Ode.", {"Mohamed Ould Abdel Aziz", "Ann Ode"}),
        ("Prince Khalifa bin Salman Al Khalifa met Ann Ode.", {"Khalifa bin Salman Al Khalifa", "Ann Ode"}),
        ("Saudi Arabia's Crown Prince met Ann Ode.", {"Ann Ode"}),
        ("Ann Ode met Chief of the General Staff Valery Petrov.", {"Ann Ode", "Valery Petrov"}),
    ],
)
def test_forms_of_names(text, expected):
    assert {one.name for one in read(text).referents if one.kind == "person" and one.named} == expected
