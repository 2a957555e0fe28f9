"""Trade figures: flows, levels, what they are compared with, periods, parties, changes; what is none. All sentences are invented."""

import datetime as dt
from decimal import Decimal

import pytest
from event_reading import find_all, names_of, trigger_of

from schemas.event import TradeFigure
from transforms.events import trade_figure

DAY = dt.date(2025, 12, 23)


def figures(text: str, day: dt.date | None = DAY):
    return find_all(trade_figure, text, day)


def detail(mention) -> TradeFigure:
    assert isinstance(mention.detail, TradeFigure)
    return mention.detail


def dates(mention) -> tuple[str, str] | None:
    return (str(mention.time.first), str(mention.time.last)) if mention.time else None


def test_currency_and_flow_carry_over_to_the_figure_of_another_period() -> None:
    text = (
        "Kazakhstan–Uzbekistan trade turnover topped $13 billion last year, and over the first nine months of this year it"
        " came to 2.5 billion."
    )
    last, this = figures(text)
    assert (detail(last).flow, detail(last).value, detail(last).unit, detail(last).comparator) == (
        "turnover",
        13_000_000_000,
        "USD",
        "gt",
    )
    assert (detail(this).flow, detail(this).value, detail(this).unit, detail(this).comparator) == (
        "turnover",
        2_500_000_000,
        "USD",
        "eq",
    )
    assert dates(last) == ("2024-01-01", "2024-12-31")
    assert dates(this) == ("2025-01-01", "2025-09-30")
    assert names_of(last, "reporter") + names_of(last, "partner") == ["Kazakhstan", "Uzbekistan"]


LEVELS = [
    # text, [(flow, value, unit, first day)]
    (
        "Norwegian salmon exports rose to 95,000 tonnes in October from 88,200 in September and 90,100 in October 2024.",
        [
            ("export", 95000, "tonne", "2025-10-01"),
            ("export", 88200, "tonne", "2025-09-01"),
            ("export", 90100, "tonne", "2024-10-01"),
        ],
    ),
    (
        "In 2024 exports totalled 31.7 billion dlrs and imports 18.2 billion.",
        [("export", 31_700_000_000, "USD", "2024-01-01"), ("import", 18_200_000_000, "USD", "2024-01-01")],
    ),
    ("Georgia imported goods worth $1.2 billion from Turkey in May.", [("import", 1_200_000_000, "USD", "2025-05-01")]),
    ("Peru earned $3 billion from copper exports in 2024.", [("export", 3_000_000_000, "USD", "2024-01-01")]),
    ("Iran exported 1.8 million barrels of oil a day in March.", [("export", 1_800_000, "barrel/day", "2025-03-01")]),
    ("The country's trade surplus stood at $9 billion in May.", [("balance", 9_000_000_000, "USD", "2025-05-01")]),
    ("Kenya imported 300,000 tonnes of maize in July.", [("import", 300000, "tonne", "2025-07-01")]),
    ("Chile's trade surplus narrowed to $1.2 billion in November.", [("balance", 1_200_000_000, "USD", "2025-11-01")]),
    ("Kenya's trade deficit widened to $1.2 billion in November.", [("balance", -1_200_000_000, "USD", "2025-11-01")]),
    (
        "Ghana shipped goods; $2 billion in exports went by sea in 2024.",
        [("export", 2_000_000_000, "USD", "2024-01-01")],
    ),
    ("Ghana's exports fell by 3 million to 5 million tonnes in 2024.", [("export", 5_000_000, "tonne", "2024-01-01")]),
    (
        "Peru's imports reached 3,061.8 million soles in May against 3,304.1 a year earlier.",
        [("import", 3_061_800_000, None, "2025-05-01"), ("import", 3_304_100_000, None, "2024-05-01")],
    ),
]


@pytest.mark.parametrize(("text", "wanted"), LEVELS)
def test_levels_with_their_periods(text: str, wanted: list[tuple[str, int, str | None, str]]) -> None:
    found = figures(text)
    assert [(detail(m).flow, detail(m).value, dates(m) and dates(m)[0]) for m in found] == [
        (f, v, d) for f, v, _, d in wanted
    ]
    assert all(unit is None or detail(m).unit == unit for m, (_, _, unit, _) in zip(found, wanted, strict=True))


@pytest.mark.parametrize(
    ("text", "change", "value"),
    [
        ("Brazil's coffee exports rose 12 % to 4.1 million bags in May.", 12.0, 4_100_000),
        ("Brazil's coffee exports fell 12 pct in May.", -12.0, None),
        (
            "Brazil's coffee exports were 4.1 million bags in May, down 3.5 percent from a year earlier.",
            -3.5,
            4_100_000,
        ),
        ("Brazil saw a 7 % increase in exports in May.", None, None),
    ],
)
def test_changes_are_signed_and_joined_to_their_level(text: str, change: float | None, value: int | None) -> None:
    found = figures(text)
    if change is None:
        assert all(detail(m).value is None for m in found)
        return
    (one,) = found
    assert (detail(one).change_pct, detail(one).value) == (change, value)


@pytest.mark.parametrize(
    ("text", "reporter", "partner", "commodity"),
    [
        ("U.S. exports of soybeans to China were 2 million tonnes in May.", "United States", "China", "soybeans"),
        ("Dutch imports of Argentine soymeal were 34,663 tonnes in January.", "Netherlands", "Argentina", "soymeal"),
        ("Japan had a $5 billion trade surplus with Taiwan in 2024.", "Japan", "Taiwan", None),
        ("Trade between Kenya and Uganda was worth $900 million in 2024.", "Kenya", "Uganda", None),
        ("Zambia's copper exports totalled 800,000 tonnes last year.", "Zambia", None, "copper"),
    ],
)
def test_who_trades_what_with_whom(text: str, reporter: str, partner: str | None, commodity: str | None) -> None:
    (one,) = figures(text)
    assert names_of(one, "reporter") == [reporter]
    assert names_of(one, "partner") == ([partner] if partner else [])
    assert detail(one).commodity == commodity


def test_what_goes_on_takes_over_from_the_sentence_before() -> None:
    text = "Kenya's tea exports were 50,000 tonnes in May. Pakistan was the largest buyer with 20,000 tonnes. They were 48,000 tonnes in April."
    first, buyer, *_ = figures(text)
    assert names_of(buyer, "reporter") == ["Kenya"]
    assert names_of(buyer, "partner") == ["Pakistan"]
    assert (detail(buyer).flow, detail(buyer).commodity, dates(buyer)) == ("export", "tea", dates(first))


NONE = [
    "Acme Corp's exports rose to 5 million dollars in May.",
    "Wheat production rose to 5 million tonnes in May.",
    "The central bank's reserves fell to 5 billion dollars.",
    "The current account deficit was $5 billion in May.",
    "The budget deficit reached 5 billion euros last year.",
    "The United States put tariffs on $60 billion of Chinese imports.",
    "Fuel makes up 60 percent of exports.",
    "The export quota was set at 2 million bags.",
    "Export licences for 135,000 tonnes of rice were issued.",
    "Revenue was $5 million, and exports were not mentioned before.",
    "Exports are always better than aid.",
]


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_trade_figure(text: str) -> None:
    assert [trigger_of(m, text) for m in figures(text)] == []


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("Kenya's exports may reach $9 billion next year.", "possible"),
        ("Kenya's exports reached $9 billion last year.", "asserted"),
        ("Exports of tea should total 500,000 tonnes in 2026, Kenya said.", "possible"),
    ],
)
def test_a_forecast_is_possible(text: str, modality: str) -> None:
    (one,) = figures(text)
    assert one.modality in (("possible", "planned") if modality == "possible" else (modality,))


def test_a_repeated_figure_is_dropped_unless_it_adds_a_field() -> None:
    again = "Kenya's exports were $9 billion in 2024. Kenya's exports were $9 billion in 2024."
    assert len(figures(again)) == 1
    more = "Kenya's exports were $9 billion in 2024. Kenya's tea exports to Egypt were $9 billion in 2024."
    assert len(figures(more)) == 2


def test_values_are_decimals() -> None:
    (one,) = figures("Kenya's exports were $1.1 billion in 2024.")
    assert detail(one).value == Decimal("1100000000")


FRESH = [
    # text, day, then (flow, reporter, partner, value or change, unit, first day, last day) of each figure
    (
        "Exports and imports stood at 4.2 billion euros and 5.1 billion euros respectively in March, Norway's statistics office said.",
        [("export", 4200000000, "EUR", "2024-03-01"), ("import", 5100000000, "EUR", "2024-03-01")],
    ),
    (  # a sentence that doesn't say so keeps to the last flow
        "Norway's exports and imports changed, with imports at 4.2 billion euros in March, from 5.1 billion euros in February.",
        [("import", 4200000000, "EUR", "2024-03-01"), ("import", 5100000000, "EUR", "2024-02-01")],
    ),
    ("Norway reported a 12 percent drop in fish exports in March.", [("export", -12, None, "2024-03-01")]),
    ("Norway reported a 12 percent tariff on exports in March.", []),
    ("In March alone Norway's exports jumped 10.7 percent from a year earlier.", [("export", 10.7, None, "2024-03-01")]),
    (
        "Norway's exports grew 4.4 percent from a year earlier last month, slowing from a 7.2 percent rise in March.",
        [("export", 4.4, None, "2024-04-01"), ("export", 7.2, None, "2024-03-01")],
    ),
    (
        "Norway's exports averaged 800,000 barrels per day in the first half of April.",
        [("export", 800000, "barrel/day", "2024-04-01")],
    ),
    ("Guards inspected 300 trucks carrying imports through the crossing.", []),
    (
        "Peru's trade surplus was $652 million in March, $41 million less than a year earlier.",
        [("balance", 652000000, "USD", "2024-03-01")],
    ),
    ("Peru's deficit in goods trade with Chile widened to $6 billion in 2023.", [("balance", -6000000000, "USD", "2023-01-01")]),
    ("Peru plans to export 300,000 tonnes of zinc in June.", [("export", 300000, "tonne", "2024-06-01")]),
    ("Peru's imports were worth 3.9 billion soles, or $1.1 billion, in March.", [("import", 3900000000, "PEN", "2024-03-01")]),
    (
        "Peru's imports climbed to $3 billion in March, leaving a deficit of $1 billion.",
        [("import", 3000000000, "USD", "2024-03-01"), ("balance", -1000000000, "USD", "2024-03-01")],
    ),
    (
        "Peru's imports climbed to $3 billion in March, and its budget deficit was $1 billion.",
        [("import", 3000000000, "USD", "2024-03-01")],
    ),
    ("Peru earned $667 million from coffee exports in the first ten months of its fiscal year.", [("export", 667000000, "USD", None)]),
    ("Peru shipped 300,000 tonnes of zinc in March.", [("export", 300000, "tonne", "2024-03-01")]),
    ("Acme shipped 300,000 tonnes of zinc in March.", []),
    (
        "Peru's services surplus was R52.5 billion in March.",
        [("balance", 52500000000, "ZAR", "2024-03-01")],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), FRESH)
def test_figures_of_later_wire_copy(text: str, wanted: list[tuple[str, float, str | None, str]]) -> None:
    found = [
        (
            m.detail.flow,
            float(m.detail.value) if m.detail.value is not None else m.detail.change_pct,
            m.detail.unit,
            str(m.time.first) if m.time else None,
        )
        for m in find_all(trade_figure, text)
    ]
    assert found == wanted


PARTIES = [
    ("Peru remained Chile's largest trading partner with $13.7 billion in trade, followed by Bolivia with $9.9 billion.",
     [("Chile", "Peru"), ("Chile", "Bolivia")]),
    ("Swiss watch exports edged up 1.6% in March, with Peru down 6.3% and Chile up 6.9%.",
     [("Switzerland", None), ("Switzerland", "Peru"), ("Switzerland", "Chile")]),
    ("Swiss watch exports edged up 1.6% in March, up from 0.3% in January.", [("Switzerland", None), ("Switzerland", None)]),
    ("Peru imports about $1.5 billion worth of Chilean farm products a year.", [("Peru", "Chile")]),
    ("Georgian wine exports to Peru reached $3 million in 2023.", [("Georgia", "Peru")]),
    ("The trade gap with Mexico widened to $63.2 billion in 2023, Chilean data showed.", [("Chile", "Mexico")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), PARTIES)
def test_parties_of_lists_and_of_cited_data(text: str, wanted: list[tuple[str, str | None]]) -> None:
    found = [(names_of(m, "reporter"), names_of(m, "partner")) for m in find_all(trade_figure, text)]
    assert [((r or [None])[0], (p or [None])[0]) for r, p in found] == wanted


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Canada's exports rose to $40 billion in March. The Canadian dollar gained after the data.", "CAD"),
        ("Canada's exports rose to $40 billion in March. The loonie gained after the data.", "USD"),
        ("Canada's exports rose to US$40 billion in March. The Canadian dollar gained after the data.", "USD"),
        ("Peru's exports rose to $40 billion in March. The Canadian dollar gained after the data.", "USD"),
    ],
)
def test_a_bare_dollar_is_the_one_that_the_text_names(text: str, unit: str) -> None:
    assert [m.detail.unit for m in find_all(trade_figure, text)] == [unit]


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("Peru will seek to expand its trade with Chile beyond $150 billion.", "possible"),
        ("Peru's trade with Chile exceeded $150 billion in 2023.", "asserted"),
        ("Chile wants to stop its trade surplus with Peru, which hit $18 billion in 2023.", "asserted"),
        ("Peru has commitments to export another 388,390 tonnes of zinc this year.", "planned"),
    ],
)
def test_what_is_sought_is_no_fact_yet(text: str, modality: str) -> None:
    assert [m.modality for m in find_all(trade_figure, text)] == [modality]


@pytest.mark.parametrize(
    ("text", "goods"),
    [
        ("Peru's non-oil exports rose to $3 billion in 2023.", "non-oil"),
        ("Peru's crude oil exports rose to $3 billion in 2023.", "crude oil"),
    ],
)
def test_goods_keep_their_hyphen(text: str, goods: str) -> None:
    assert [detail(m).commodity for m in figures(text)] == [goods]


GOODS = [
    # text, commodities in the order of the figures
    ("Norway exported 12 million tonnes of crude oil worth $5 billion in May.", ["crude oil", "crude oil"]),
    ("Chile imported natural gas worth $70 million.", ["natural gas"]),
    ("Exports of beef/veal from Uruguay fell to 48,000 tonnes.", ["beef/veal"]),
    ("Japan's video recorder (VCR) exports fell to 1.7 million sets.", ["video recorder"]),
    ("Norway's oil and gas exports fell by 24% in 2023.", ["oil and gas"]),
    ("French wheat exports came to 3 million tonnes, and barley to 2 million.", ["wheat", "barley"]),
    ("Chile imported 1.5 million vehicles from Mexico.", ["vehicles"]),
    ("The Chilean goods deficit with China shrank to $279 million.", ["goods"]),
    ("Chilean exports in the same period came to $3 billion.", [None]),
    ("The tin price fell as tin stocks grew. Bolivia exported 7,000 tonnes in May.", ["tin"]),
    ("Norway exported 170,000 barrels a day.", ["oil"]),
]


@pytest.mark.parametrize(("text", "goods"), GOODS, ids=[case[0] for case in GOODS])
def test_goods_that_are_named(text: str, goods: list[str | None]) -> None:
    assert [detail(m).commodity for m in figures(text)] == goods


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Chilean copper exports dropped $97 million to $233 million in May.", [233_000_000]),
        ("Chile's trade deficit was $13 billion, a reduction of $1.4 billion.", [-13_000_000_000]),
        ("Chilean exports fell from 73,164 to 35,910 tonnes in May.", [73_164, 35_910]),
        (
            "Chile's exports to Peru rose 2.3 percent to $1.2 billion and imports 24 percent to $2 billion.",
            [1.2e9, 2e9],
        ),
        ("Chile bought 3 million tonnes of Peruvian fishmeal last year.", [3_000_000]),
        ("Exports were flat. Chile cut its tin surplus to 50,000 tonnes.", []),
        ("The pact says that Chile's exports could not exceed 632,000 tonnes.", []),
        ("Members agreed to limit copper exports to 96,000 tonnes.", []),
        ("Analysts expect Chile to import at least 10 million tonnes of grain this year.", [10_000_000]),
        ("Chilean potash shipments totalled 270,000 tonnes.", [270_000]),
        ("Chile produced 28 million tonnes of copper, of which 12 million were exported.", [12_000_000]),
        ("Chile's forklift exports fell to 14,005 from 15,991 a year earlier.", [14_005, 15_991]),
        ("Chile lost $3 on every 100 kilos exported.", []),
        (
            "Chile raised its estimate of exports to 3.1 million tonnes, against 2.9 million forecast in March.",
            [3_100_000],
        ),
        ("The export rate was set at 14.5 pesos to the dollar.", []),
        ("The trade surplus boosted Chile's reserves to $50 billion.", []),
    ],
)
def test_which_numbers_are_levels(text: str, values: list[float]) -> None:
    assert [detail(m).value for m in figures(text)] == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Chilean exports since the season started on July 1 came to 7.6 million tonnes.", [7_600_000]),
        ("That brought Chile's exports since July 1 to 7.6 million tonnes.", [7_600_000]),
        ("Capital transactions showed a surplus of $786 million. Chile's exports rose.", []),
        ("Chile's reserves, buoyed by rising exports, are likely to soar to $72 billion.", []),
        ("Norfab Corp exported 80,000 cars to Chile last year.", []),
        ("Chile's imports are put at 8 million tonnes, 1 million tonnes above the last estimate.", [8_000_000]),
        (
            "Chile's trade surplus narrowed to $146 million from $253 million (revised from $268 million).",
            [146_000_000, 253_000_000],
        ),
        ("Low prices explain the $36 billion rise in Chile's trade surplus.", []),
        ("The strike has hit Chile's exports by making idle 160 ships.", []),
        ("Officials said group exports to China will rise to $90 million.", []),
    ],
)
def test_whose_numbers_are_no_trade(text: str, values: list[float]) -> None:
    assert [detail(m).value for m in figures(text)] == values


@pytest.mark.parametrize(
    ("text", "goods", "unit"),
    [
        (
            "Chile expects that palm oil production will rise, with exports reaching 720,000 tonnes.",
            "palm oil",
            "tonne",
        ),
        ("Chile set a target of 2.9 million tonnes, against wheat imports of 3 million.", "wheat", "tonne"),
        ("Chile exports some 8,000 tonnes of high-grade beef a year.", "high-grade beef", "tonne"),
        ("Chile's non-seasonally adjusted imports were $810 million.", None, "USD"),
    ],
)
def test_goods_and_units_of_the_sentence(text: str, goods: str | None, unit: str) -> None:
    assert [(detail(m).commodity, detail(m).unit) for m in figures(text)] == [(goods, unit)]


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("Growth in goods exports slowed to 1.7 percent in 2024 from 2.1 percent in 2023.", [1.7, 2.1]),
        ("Chile saw 19 percent export growth last year.", [19]),
        ("Officials forecast a rise of 12 percent in manufacturing exports.", [12]),
        ("Chilean imports grew 1.8 percent, narrowing the gap.", [1.8]),
    ],
)
def test_changes_however_they_are_told(text: str, changes: list[float]) -> None:
    assert [detail(m).change_pct for m in figures(text)] == changes


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Wheat exports came to 7 million tonnes in 2024/25.", [("2024-01-01", "2025-12-31")]),
        (
            "Chile's November exports rose from 32,700 to 50,800 tonnes.",
            [None, ("2025-11-01", "2025-11-30")],
        ),
        (
            "Chile's exports came to $50 billion and imports to $30 billion in 2024, against exports of $39 billion in 2023.",
            [("2024-01-01", "2024-12-31"), ("2024-01-01", "2024-12-31"), ("2023-01-01", "2023-12-31")],
        ),
        (
            "Chile's trade gap narrowed to $13 billion in March and is expected to show no change in April.",
            [("2025-03-01", "2025-03-31")],
        ),
    ],
)
def test_whose_time_it_is(text: str, days: list[tuple[str, str] | None]) -> None:
    found = figures(text)
    assert [dates(m) for m in found] == days
    assert {m.modality for m in found} == {"asserted"}


def test_a_country_of_several_words_is_the_one_that_an_article_tells_of() -> None:
    text = "South Korea's officials met on Monday. Output was steady. Exports rose 3 percent in May."
    (figure,) = figures(text)
    assert names_of(figure, "reporter") == ["South Korea"]


def test_the_other_side_of_a_contrast_is_the_same() -> None:
    found = figures("Norway's exports to Chile fell 9 percent in May, while imports rose 5 percent.")
    assert [names_of(m, "partner") for m in found] == [["Chile"], ["Chile"]]


def test_the_part_says_nothing_of_whom_the_whole_is_with() -> None:
    found = figures("Norway had a $4.3 billion trade surplus, including a record $7 billion surplus with Chile.")
    assert [names_of(m, "partner") for m in found] == [[], ["Chile"]]
