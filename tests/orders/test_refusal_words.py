"""What providers answer, in their shapes and languages, and what follows from it."""

import html
import json
from urllib.parse import quote

import pytest

from ledger.reason_codes import ReasonCode as R
from orders.providers.answers import Answer, NotSent, Rejected, Unclear, judge
from orders.providers.echoes import Echo
from orders.providers.phrases import compiled, words_of

PERSON = R.ANSWER_UNKNOWN
FUNDS, SETTINGS = R.PROVIDER_FUNDS_EMPTY, R.PROVIDER_SETTINGS_WRONG
RATE, MAINTENANCE = R.PROVIDER_RATE_LIMIT, R.PROVIDER_MAINTENANCE

BACK: dict[R, list[str]] = {
    R.QUANTITY_REFUSED: [
        "Quantity less than minimal 100",
        "neworder.error.min_quantity",
        "Quantity must to be less than or equal to the maximum amount 10000",
        "Min 100, max 5000",
        "Amount is less than 50",
        "Minimum order is 500",
        "Количество меньше минимального: 100",
        "Кількість менша за мінімальну",
        "Miktar en az 100 olmalıdır",
        "La cantidad mínima es 100",
        "Quantidade mínima: 100",
        "Jumlah pesanan minimal 100",
        "الحد الأدنى للكمية 100",
        "数量不能少于100",
        "Quantity 100 se kam nahi ho sakti",
    ],
    R.LINK_REFUSED: [
        "Incorrect link",
        "Bad URL",
        "neworder.error.link",
        "Link is not supported",
        "Video not found or private",
        "This video has been removed by the uploader",
        "Invalid link, please try again",
        "Please check your link and contact support if it is right",
        "Неверная ссылка",
        "Ссылка не распознана",
        "Видео недоступно по этой ссылке",
        "Невірне посилання",
        "Geçersiz bağlantı",
        "Geçersiz link",
        "Enlace inválido",
        "Link inválido",
        "Tautan tidak valid",
        "الرابط غير صحيح",
        "链接无效",
        "गलत लिंक",
        "Lien invalide",
        "TikTok username not found, the profile is private",
        "Your profile is private",
        "video and a whole qty are required",
    ],
    R.EARLIER_ORDER_RUNNING: [
        "You have active order with this link. Please wait until order being completed.",
        "neworder.error.link_duplicate",
        "There is already an order in progress for this video",
        "You have a pending order with this link",
        "Duplicate order",
        "По этой ссылке уже есть активный заказ. Дождитесь его завершения",
        "Для цього посилання вже є активне замовлення",
        "Bu link için aktif siparişiniz var",
        "Ya existe un pedido activo para este enlace",
        "Já existe um pedido ativo para este link",
        "Masih ada pesanan aktif untuk link ini",
        "该链接已有进行中的订单",
    ],
    R.SERVICE_DISCONTINUED: [
        "error.incorrect_service_id",
        "Service ID does not exists",
        "Service is disabled",
        "Invalid service",
        "Услуга не найдена",
        "Servis bulunamadı",
        "Servicio no encontrado",
        "Layanan tidak ditemukan",
    ],
    R.VIDEO_LIMIT_REACHED: [
        "Daily limit for this link reached",
        "you can not order more than 5000 per link",
    ],
    R.REFUSED: [
        "Nope",
        "Not possible for this country",
        "Comments are turned off",
        "Заказ отклонён",
        "Sipariş reddedildi",
        "Pedido rechazado",
        "订单被拒绝",
        "अस्वीकृत",
        "Unsupported platform",
    ],
}
WAITS: dict[R, list[str]] = {
    FUNDS: [
        "You do not have enough balance",
        "neworder.error.not_enough_funds",
        "NOT_ENOUGH_FUNDS",
        "InsufficientBalance",
        "Not enough funds",
        "You don’t have enough credits, please contact support",
        "Please top up your account and try again later",
        "Your balance is too low",
        "Недостаточно средств на балансе",
        "Пополните баланс",
        "Недостатньо коштів",
        "Yetersiz bakiye",
        "Saldo insuficiente",
        "Fondos insuficientes",
        "Créditos insuficientes",
        "Saldo anda tidak mencukupi",
        "رصيدك غير كافٍ",
        "余额不足",
        "您的余额不足，请充值",
        "Aapka balance kam hai",
        "अपर्याप्त बैलेंस",
        "Solde insuffisant",
        "Guthaben reicht nicht aus",
        "残高不足",
    ],
    SETTINGS: [
        "API disable or User does not exists",
        "User not found",
        "Invalid API key",
        "Incorrect request: key is missing",
        "Your account has been suspended",
        "API access is disabled for your account",
        "Unauthorized",
        "Access denied",
        "Permission denied",
        "Forbidden",
        "IP address not allowed",
        "You have been banned",
        "Account not verified",
        "This action is Invalid",
        "Missing required parameters",
        "Method Not Allowed",
        "Неверный API ключ",
        "API отключен",
        "Пользователь не найден",
        "Невірний ключ API",
        "Geçersiz API anahtarı",
        "Clave API incorrecta",
        "Chave de API inválida",
        "API key salah",
        "مفتاح API غير صالح",
        "密钥错误",
        "用户不存在",
    ],
    RATE: [
        "Too many requests",
        "Daily limit exceeded",
        "Quota exceeded",
        "Wait 5 min",
        "Rate limit exceeded, try again later",
        "Please wait 10 seconds before the next order",
        "You are sending requests too fast",
        "Слишком много запросов",
        "Забагато запитів, спробуйте пізніше",
        "Çok fazla istek gönderdiniz",
        "Demasiadas solicitudes",
        "Muitas requisições",
        "Terlalu banyak permintaan",
        "请求过于频繁，请稍后再试",
    ],
    MAINTENANCE: [
        "The panel is under maintenance",
        "We are updating our system",
        "Maintenance mode, please try again later",
        "Технические работы",
        "Сервис на обслуживании",
        "Технічні роботи",
        "Bakım çalışması",
        "En mantenimiento",
        "Em manutenção",
        "Sedang pemeliharaan",
        "الموقع تحت الصيانة",
        "系统维护中",
    ],
}
DOUBT = [
    "timeout",
    "unknown",
    "Something happened",
    "Network is unreachable",
    "Provider error",
    "We could not verify your order",
    "Try in a few minutes",
    "Сервер перегружен",
    "Sunucuya ulaşılamıyor",
    "Thoda wait karein",
    "Request timed out",
    "Internal error",
    "internal_server_error",
    "InternalServerError: invalid link",
    "Something went wrong",
    "Oops! Something went wrong, check your link",
    "Unknown error",
    "Unexpected error while placing the order",
    "Error processing link, try again later",
    "Please contact support",
    "Try again later",
    "Your order is pending",
    "Server is busy",
    "Service temporarily unavailable",
    "An error occurred",
    "Maximum execution time of 30 seconds exceeded",
    "HTTPSConnectionPool(host='panel', port=443): Max retries exceeded with url: /api/v2",
    "Expecting value: line 1 column 1 (char 0)",
    "SQLSTATE[HY000]: General error",
    "cURL error 28",
    "504 Gateway Time-out",
    "Внутренняя ошибка сервера",
    "Что-то пошло не так",
    "Неизвестная ошибка",
    "Превышено время ожидания",
    "Попробуйте позже",
    "Обратитесь в поддержку",
    "Заказ в обработке",
    "Сервис временно недоступен",
    "Внутрішня помилка",
    "Щось пішло не так",
    "Спробуйте пізніше",
    "Zaman aşımı",
    "Bilinmeyen bir hata oluştu",
    "Lütfen daha sonra tekrar deneyin",
    "Error interno del servidor",
    "Algo salió mal",
    "Inténtelo de nuevo más tarde",
    "Erro interno",
    "Algo deu errado",
    "Tente novamente mais tarde",
    "Terjadi kesalahan sistem",
    "Silakan coba lagi nanti",
    "Kuch galat ho gaya",
    "कुछ गलत हो गया",
    "حدث خطأ ما",
    "خطأ داخلي في الخادم",
    "يرجى المحاولة لاحقا",
    "请求超时",
    "系统错误",
    "未知错误",
    "请稍后再试",
    "请联系客服",
    "タイムアウトしました",
    "Une erreur interne est survenue",
    "Interner Serverfehler",
    "Errore del server",
    "Nieznany błąd",
]
SHAPES = {
    "error": lambda words: {"error": words},
    "message": lambda words: {"status": "error", "message": words},
    "fail": lambda words: {"status": "fail", "message": words},
    "success": lambda words: {"success": False, "msg": words},
    "in an object": lambda words: {"error": {"code": 12, "message": words}},
    "in data": lambda words: {"success": 0, "data": {"error": words}},
    "in a list": lambda words: [{"errors": [words]}],
    "of Laravel": lambda words: {"message": "The data was refused.", "errors": {"link": [words]}},
    "capitals": lambda words: {"Status": "FAILED", "Message": words, "order": None},
}
in_every_shape = pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())


def judged(status: int, content: object, echo: Echo | None = None) -> Answer:
    return judge(status, json.dumps(content), "", echo=echo)


def flat(table: dict[R, list[str]]) -> list[tuple[str, R]]:
    return [(words, code) for code, all_words in table.items() for words in all_words]


@pytest.mark.parametrize(("words", "code"), flat(BACK))
@in_every_shape
def test_what_is_about_the_order_gives_its_points_back(words, code, shape):
    for status in (200, 400):
        assert judged(status, shape(words)) == Rejected(code, "", status)


@pytest.mark.parametrize(("words", "code"), flat(WAITS))
@in_every_shape
def test_what_is_about_us_lets_the_order_wait(words, code, shape):
    for status in (200, 403):
        assert judged(status, shape(words)) == NotSent(
            code, needs_admin=code in {FUNDS, SETTINGS}, http_status=status
        )


@pytest.mark.parametrize("words", DOUBT)
@in_every_shape
def test_what_may_have_been_taken_is_for_a_person(words, shape):
    for status in (200, 400):
        assert judged(status, shape(words)) == Unclear(PERSON, "", status, answered=True)


def test_the_table_is_long_enough_to_prove_something():
    assert len(flat(BACK)) + len(flat(WAITS)) + len(DOUBT) > 180


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"status": 400, "message": "no"}, Rejected(R.REFUSED, "", 200)),
        ({"code": 422, "message": "no"}, Rejected(R.REFUSED, "", 200)),
        ({"status": 500, "message": "no"}, Unclear(PERSON, "", 200, answered=True)),
        ({"error": "no", "code": "503"}, Unclear(PERSON, "", 200, answered=True)),
        ({"error": "nope", "status": "pending"}, Unclear(PERSON, "", 200, answered=True)),
        ({"code": 1, "msg": "no"}, Unclear(R.ANSWER_UNREADABLE, "", 200, answered=True)),
    ],
)
def test_numbers_of_errors_count_as_in_http(content, expected):
    assert judged(200, content) == expected


# What we sent, in the mouth of the provider.

FALSE_FUNDS = "https://www.tiktok.com/@not_enough_funds/video/7301234567890123456"
CODINGS = {
    "as it is": lambda link: link,
    "percent": lambda link: quote(link, safe=""),
    "percent twice": lambda link: quote(quote(link, safe=""), safe=""),
    "JSON": lambda link: link.replace("/", "\\/"),
    "JSON in full": lambda link: "".join(f"\\u{ord(letter):04x}" for letter in link),
    "HTML": lambda link: html.escape(link).replace("/", "&#x2F;").replace("_", "&#95;"),
    "capitals": str.upper,
    "no scheme": lambda link: link.removeprefix("https://"),
    "no www": lambda link: link.removeprefix("https://www."),
    "http": lambda link: link.replace("https", "http"),
    "path": lambda link: link.partition(".com")[2],
    "handle": lambda link: link.split("/")[3],
    "bare handle": lambda link: link.split("/")[3][1:],
    "words": lambda link: link.split("/")[3][1:].replace("_", " "),
    "cut off": lambda link: link[:-30] + "...",
    "quoted": lambda link: f'"{link}"',
}


@pytest.mark.parametrize("coding", CODINGS.values(), ids=CODINGS.keys())
@pytest.mark.parametrize(
    "handle", ["not_enough_funds", "NotEnoughFunds", "api.key.invalid", "too-many-requests"]
)
@pytest.mark.parametrize("status", [200, 400])
def test_a_link_does_not_speak_for_the_provider(status, handle, coding):
    link = FALSE_FUNDS.replace("not_enough_funds", handle)
    echo = Echo(link, "100", ("s3cr3t-k3y",))
    answer = judged(status, {"error": f"Video is private: {coding(link)}"}, echo)
    assert answer == Rejected(R.LINK_REFUSED, "", status)


@pytest.mark.parametrize(
    "link",
    [
        "https://youtu.be/low-balance",
        "https://www.youtube.com/watch?v=api_key_bad",
        "https://t.me/insufficient_credit/42",
        "https://www.instagram.com/reel/maintenance/",
    ],
)
def test_nor_does_an_id(link):
    for text in (link, link.rstrip("/").rpartition("/")[2].rpartition("=")[2]):
        answer = judged(200, {"error": f"Not allowed for {text}"}, Echo(link, "100"))
        assert isinstance(answer, Rejected)


@pytest.mark.parametrize("handle", ["timeout", "internal_error", "gateway", "try_again_later"])
def test_a_link_does_not_remove_the_doubt_of_the_provider(handle):
    """Else an order to `@timeout` would be given back whenever the provider is slow."""
    link = f"https://www.tiktok.com/@{handle}/video/7301234567890123456"
    own_words = handle.replace("_", " ")
    for text in (own_words, f"{link}: {own_words}", f"upstream/{own_words}"):
        assert isinstance(judged(200, {"error": text}, Echo(link, "100")), Unclear)
    for text in (link, f"@{handle}", quote(link, safe="")):
        answer = judged(200, {"error": f"Private video {text}"}, Echo(link, "100"))
        assert answer == Rejected(R.LINK_REFUSED, "", 200)


def test_the_providers_own_words_beside_the_link_count():
    answer = judged(200, {"error": f"Not enough balance for {FALSE_FUNDS}"}, Echo(FALSE_FUNDS))
    assert isinstance(answer, NotSent)


# Phrases.


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("fund!", "No FUND.", True),
        ("fund!", "refund funds", False),
        ("not .. fund", "not quite really so many funds", True),
        ("not .. fund", "not one two three four five funds", False),
        ("bad/wrong link", "Wrong-LINKS", True),
        ("aşımı", "ZAMAN AŞIMI", True),
        ("余额", "您的余额不足", True),
        ("dont", "I don’t", True),
        ("you tube", "YouTube", True),
    ],
)
def test_phrases_disregard_case_accents_and_marks(phrase, text, found):
    assert bool(compiled(phrase).search(words_of(text))) is found
