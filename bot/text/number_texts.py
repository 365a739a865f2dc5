"""Why what was typed is not the number that was asked for."""

from typing import Final, assert_never

from bot.text.formats import shortened
from i18n import Html, Translator
from ledger.untrusted.typed_numbers import NumberProblem, Wording

TYPED_CHARS_MAX: Final = 40


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


VIEWS: Final = Wording(
    _words(
        "view views v x pc pcs просмотр просмотра просмотров просм шт штук штуки показ показа "
        "показов перегляд перегляди переглядів vistas visualizações visualizaciones vues aufrufe "
        "izlenme görüntülenme tayangan مشاهدة"
    ),
    others_max=3,
)
"""The answer to `How many views?`. It is asked about once more, so other words do no harm."""

_OF_ANYTHING: Final = _words("x pc pcs unit units шт штук штуки единиц единица единицы")
_OF_METRIC: Final[dict[str, frozenset[str]]] = {
    "likes": _words("like likes лайк лайка лайков"),
    "followers": _words("follower followers подписчик подписчика подписчиков"),
    "subscribers": _words("subscriber subscribers sub subs подписчик подписчика подписчиков"),
    "members": _words("member members участник участника участников"),
    "comments": _words("comment comments комментарий комментария комментариев"),
    "reactions": _words("reaction reactions реакция реакции реакций"),
    "shares": _words("share shares repost reposts репост репоста репостов"),
}


def wording_of(metric: str) -> Wording:
    """The words that may stand beside how much is ordered: `100 likes` where likes are."""
    if metric == "views":
        return VIEWS
    return Wording(_OF_ANYTHING | _OF_METRIC.get(metric, frozenset()), VIEWS.others_max)


POINTS: Final = Wording(
    _words("p pt pts point points балл балла баллов б очков очка очко поинт поинтов")
)

SETTING: Final = Wording(
    VIEWS.units
    | POINTS.units
    | _words("s sec secs second seconds с сек секунд секунды ad ads реклам рекламы")
)


def number_refused(t: Translator, problem: NumberProblem, typed: str) -> Html:
    """What is wrong with a number, and what would be right."""
    typed = shortened(typed.strip(), TYPED_CHARS_MAX)
    match problem:
        case NumberProblem.NO_DIGITS:
            return t("There is no number in “{typed}”. Please write it in digits.", typed=typed)
        case NumberProblem.SEVERAL:
            return t("“{typed}” is more than one number. Please send only one.", typed=typed)
        case NumberProblem.NOT_WHOLE:
            return t("“{typed}” is not a whole number.", typed=typed)
        case NumberProblem.NOT_EXACT:
            return t("“{typed}” is not one exact number.", typed=typed)
        case NumberProblem.AMBIGUOUS:
            return t(
                "“{typed}” can be read in different ways. Please write the number in digits only.",
                typed=typed,
            )
        case NumberProblem.OTHER_WORDS:
            return t(
                "I am not sure which number “{typed}” means. Please send only the number, without "
                "other words or signs.",
                typed=typed,
            )
        case NumberProblem.TOO_LARGE:
            return t("“{typed}” is too large.", typed=typed)
        case _:
            assert_never(problem)
