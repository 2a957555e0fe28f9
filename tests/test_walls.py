import pytest

from transforms.article.body import parse_html
from transforms.article.metadata import PageMetadata
from transforms.article.page_blocks import ends_sentence, read_blocks
from transforms.article.walls import asks_for_scripts, find_check, find_consent, find_error, find_stub

SENTENCE = "The harbour council settled the price of herring on Monday, after a debate that lasted until midnight."
EMPTY = parse_html("<html><body></body></html>")


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("404 Not Found", "nginx"),
        ("Error 404", "Back to the front page."),
        ("Page not found", "Try a search."),
        ("This article is no longer available", "Other readers liked these stories."),
        ("503 Service Temporarily Unavailable", "openresty"),
        ("We’ll be back soon!", "Thank you for your patience."),
        ("Error establishing a database connection", ""),
        ("Harbour Post", "The page that you were looking for does not exist."),
        ("Oops!", "It looks like nothing was found at this address."),
        ("Gone", "The article has been removed from our pages."),
        ("Seite nicht gefunden", "Zur Startseite"),
        ("Page introuvable", ""),
        ("Página no encontrada", ""),
        ("Pagina non trovata", ""),
        ("Hafenpost", "Die gesuchte Seite konnte nicht gefunden werden."),
        ("Pagina niet gevonden", ""),
        ("Sidan hittades inte", ""),
        ("Nie znaleziono strony", ""),
        ("Страница не найдена", ""),
        ("Сторінку не знайдено", ""),
        ("Sayfa bulunamadı", ""),
        ("Səhifə tapılmadı", ""),
        ("الصفحة غير موجودة", ""),
        ("ページが見つかりません", ""),
        ("页面不存在", ""),
        ("페이지를 찾을 수 없습니다", ""),
    ],
)
def test_error_pages(title, text):
    assert find_error([title], text, text)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("404 homes lose power", "Some 404 homes on the northern islands lost power on Sunday night."),
        ("Page not found: archive loses 3,000 letters", "The archive cannot find them, its director said."),
        ("Forbidden", f"{SENTENCE} The play was not performed for forty years."),
        ("Sorry seems to be the hardest word", SENTENCE),
        ("Page not found", f"{SENTENCE} " * 20),
        ("Ferry service unavailable until Friday", SENTENCE),
    ],
)
def test_articles_about_errors_are_none(title, text):
    assert find_error([title], text, text) is None


def test_the_stories_below_a_message_do_not_hide_it():
    text = "\n".join(["We can’t find it", "The page you are looking for has been moved.", *[SENTENCE] * 8])
    assert find_error(["Oops!", "Harbour Post"], text, text)
    assert find_error(["Harbour Post"], text, text) is None


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Just a moment...", "Verify you are human by completing the action below."),
        ("Attention Required! | Cloudflare", "Sorry, you have been blocked. This website is using a security service to protect itself."),
        ("wire.example", "Please enable JS and disable any ad blocker"),
        ("Pardon Our Interruption", "Something about your browser made us think that you might be a bot."),
        ("Access denied", "You don't have permission to access this page on this server. Reference #18.1"),
        ("wire.example", "Our systems have detected unusual traffic from your computer network."),
        ("Один момент…", "Подтвердите, что вы не робот."),
        ("Einen Moment, bitte...", "Bestätigen Sie, dass Sie kein Roboter sind."),
        ("Vérification de sécurité", ""),
    ],
)  # fmt: skip
def test_checks_for_robots(title, text):
    assert find_check(EMPTY, [title], text, text)


def test_a_shield_is_known_by_its_frame_where_it_says_nothing():
    tree = parse_html("<html><body><iframe src='https://geo.captcha-delivery.com/captcha/?x=1'></iframe></body></html>")
    assert "captcha-delivery" in (find_check(tree, [], "", "") or "")
    assert find_check(tree, [], SENTENCE, SENTENCE) is None


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Airport security check delays travel", SENTENCE),
        ("Captcha maker buys its rival", f"The maker of captchas bought its rival. {SENTENCE}"),
        ("Security check", f"{SENTENCE} " * 10),
        ("Blocked", f"{SENTENCE} " * 4),
    ],
)
def test_articles_about_checks_are_none(title, text):
    assert find_check(EMPTY, [title], text, text) is None


@pytest.mark.parametrize(
    "text",
    [
        "We value your privacy. We and our 842 partners store information on your device, such as cookies. You may withdraw your consent.",
        "Wir und unsere 90 Partner speichern Cookies auf Ihrem Gerät und verarbeiten personenbezogene Daten. Mehr in der Datenschutzerklärung.",
        "Nos partenaires et nous utilisons des cookies. Vous pouvez retirer votre consentement et régler la publicité personnalisée.",
        "Nosotros y nuestros socios usamos cookies y datos personales para anuncios personalizados. Puedes retirar tu consentimiento.",
        "Noi e i nostri partner usiamo cookie e dati personali. Puoi revocare il consenso; leggi l'informativa sulla privacy.",
        "Wij en onze partners gebruiken cookies en persoonsgegevens. U kunt uw toestemming intrekken.",
        "Мы и наши партнёры храним файлы cookie на вашем устройстве. Вы можете отозвать согласие.",
    ],
)
def test_requests_for_consent(text):
    assert find_consent(text, text)


def test_what_only_speaks_of_consent_is_none():
    law = "Parliament passed a law on cookies: companies must ask for consent before they share personal data with partners, and privacy settings must be easy to find."
    assert find_consent(law, law) is None
    notice = "We value your privacy. We and our partners store cookies; you may withdraw your consent."
    story = "\n".join([SENTENCE] * 5)
    assert find_consent(f"{notice}\n{story}", notice) is None
    assert find_consent("We met you at the harbour.", "") is None
    # A banner above a brief.
    assert find_consent(SENTENCE, f"{notice}\n{SENTENCE}") is None
    assert find_consent("We need cookies from you.", f"{notice}\nWe need cookies from you.")


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("You need to enable JavaScript to run this app.", True),
        ("Bitte aktivieren Sie JavaScript in Ihrem Browser.", True),
        ("The harbour office gave up JavaScript, its head said.", False),
        (f"Please enable JavaScript. {SENTENCE * 5}", False),
    ],
)
def test_pages_that_need_scripts(text, asks):
    assert asks_for_scripts(text, text) is asks


WALLS = [
    "Subscribe to continue reading",
    "This article is for subscribers only.",
    "You have reached your limit of free articles",
    "To keep reading, create a free account or sign in",
    "Want to read more?",
    "Dieser Artikel ist nur für Abonnenten.",
    "Cet article est réservé aux abonnés",
    "Contenido exclusivo para suscriptores.",
    "Questo articolo è riservato agli abbonati.",
    "Dit artikel is exclusief voor abonnees.",
    "Denne artikkelen er kun for abonnenter.",
    "Материал доступен только подписчикам",
    "Conteúdo exclusivo para assinantes.",
]


def stub_of(paragraphs: int, *after: str, ending: str = "", **said) -> str | None:
    lines = [SENTENCE] * paragraphs + ([ending] if ending else [])
    body = "".join(f"<p>{line}</p>" for line in [*lines, *after])
    blocks = read_blocks(parse_html(f"<html><body>{body}</body></html>").find(".//body"))
    return find_stub(PageMetadata(**said), "\n".join([*lines, *after]), blocks)


@pytest.mark.parametrize("wall", WALLS)
def test_a_wall_below_a_teaser_makes_a_stub(wall):
    assert stub_of(2, wall)
    assert stub_of(2, wall, free=True) is None
    assert stub_of(12, wall) is None


def test_what_says_that_it_is_paid_may_show_less():
    assert stub_of(2, paywalled=True)
    assert stub_of(6, paywalled=True) is None
    assert stub_of(5, paywalled=True) is None
    assert stub_of(5, WALLS[0], paywalled=True)
    assert stub_of(7, WALLS[0], paywalled=True) is None
    assert "cut" in (stub_of(5, ending="The next vote will be on…", paywalled=True) or "")
    assert stub_of(12, paywalled=True, words=1200)
    assert stub_of(12, paywalled=True, words=210) is None
    assert stub_of(40, WALLS[0], paywalled=True) is None


@pytest.mark.parametrize(
    "after",
    [
        "Already a subscriber? Sign in",
        "Readers will have to subscribe to continue reading the archive, its publisher said.",
        "More stories for you",
    ],
)
def test_what_is_no_wall(after):
    assert ends_sentence(SENTENCE)
    assert stub_of(2, after) is None


def test_a_promise_above_the_text_is_no_wall():
    blocks = read_blocks(
        parse_html(f"<html><body><div>Subscribe to continue reading</div><p>{SENTENCE}</p></body></html>").find(
            ".//body"
        )
    )
    assert find_stub(PageMetadata(), SENTENCE, blocks) is None
