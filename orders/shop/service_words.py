"""The words that panels use for platforms, and for what they sell, in many languages.

Phrases as `orders.providers.phrases` has them. A new platform is a row here and in
`orders.links.platforms`; a new word is one more in its row.
"""

import re
from typing import Final

from orders.providers.phrases import compiled

PLATFORM_WORDS: Final = {
    key: compiled(words)
    for key, words in {
        "youtube": "youtube | you tube | yt! | ютуб | ютьюб",
        "tiktok": "tiktok | tik tok! | tt! | тикток | тик ток!",
        "instagram": "instagram | insta! | ig! | инстаграм | инста! | инст!",
        "facebook": "facebook | face book! | fb! | фейсбук | фб!",
        "x": "twitter | твиттер | tweet | retweet | x com!",
        "telegram": "telegram | tg! | телеграм | тг! | телега!",
        "vimeo": "vimeo",
        "twitch": "twitch | твич",
        "vk": "vk! | vkontakte | вк! | вконтакт",
        "ok": "odnoklassnik | одноклассник | ok ru!",
        "rutube": "rutube | рутуб",
        "threads": "threads! | тредс!",
        "linkedin": "linkedin | linked in! | линкедин",
        "pinterest": "pinterest | пинтерест",
        "reddit": "reddit | реддит",
        "snapchat": "snapchat | snap chat!",
        "discord": "discord | дискорд",
        "kick": "kick!",
        "whatsapp": "whatsapp | whats app! | ватсап | вотсап",
        "spotify": "spotify | спотифай",
        "soundcloud": "soundcloud | sound cloud!",
    }.items()
}

# One letter is too little to go by, except where the platform's name stands.
X_AT_BEGIN: Final = re.compile(r"(?:[0-9]+ )*x\b")

METRIC_WORDS: Final = {
    key: compiled(words)
    for key, words in {
        "views": "view! | views! | plays! | play! | просмотр | перегляд | vistas! | vista!"
        " | visualizac | visualizazion | visualisation | reproduccion | izlenme | goruntulenme"
        " | tayangan | tontonan | vues! | aufruf | مشاهد | luot xem | 播放 | 观看",
        "likes": "like! | likes! | лайк | me gusta | megusta | curtida | begeni | suka! | إعجاب"
        " | jaime! | вподобай | нравится | gefallt mir",
        "followers": "follower | follow! | follows! | фолловер | seguidor | takipci | pengikut"
        " | متابع",
        "subscribers": "subscriber | subcriber | subscribe! | subs! | sub! | suscriptor | inscrito"
        " | assinante | abone! | abonesi | aboneler | pelanggan | iscritti | مشترك",
        # One word for both, in these languages: the platform decides.
        "audience": "подписчик | подписник | підписник | abonne! | abonnes! | abonnent",
        "members": "member! | members! | участник | учасник | miembro | membro | uye! | uyeler"
        " | anggota | أعضاء | membre | mitglied",
        "comments": "comment | коммент | комент | comentario | yorum | komentar | kommentar"
        " | تعليق",
        "shares": "share! | shares! | repost | retweet | репост | поделит | ретвит | compartid"
        " | compartilham | paylasim",
        "reactions": "reaction | реакци | reaccion | reacao | reacoes | reaksi | tepki",
    }.items()
}

WITHOUT: Final = compiled(
    "no!/without!/non!/без!/sin!/sem!/free!/bonus!/бонус"
    " like/likes/view/views/comment/comments/лайк/просмотр/reaction/share/shares"
)
"""Said of a service, but not what it sells."""

_AUTO = """
    auto! like/view/comment/share/reaction/post | autolike | autoview | автолайк | автопросмотр
    авто! лайк/просмотр/реакци/коммент | future/next .. post | last!/latest .. post
    последн .. пост/публикац | будущ .. пост/публикац
"""
_COMMENT_LIKES = """
    comment/comments like/likes/reaction/upvote/reply/dislike | like/likes on!/for!/to!/of! comment
    like/likes comment/comments | лайк на!/к!/для! коммент/комент | лайк коммент/комент
    коммент лайк | curtida .. comentario | me gusta .. comentario | yorum begeni | komentar like
"""
AUTO: Final = compiled(_AUTO)
"""Delivered to posts that the service finds itself, on a page."""

COMMENT_LIKES: Final = compiled(_COMMENT_LIKES)

# What is no metric of a post or page, though its name may have the word for one.
OTHER_WORDS: Final = compiled(
    _AUTO
    + _COMMENT_LIKES
    + """
    watch! time/hour | watchtime | hours! watch | час/часов/часы просмотр
    horas .. visualizac/reproduccion | tempo .. exibicao
    izlenme saat/sure
    jam! tayang | viewer | зрител | izleyici | espectador | penonton | concurrent
    dislike | дизлайк | save! | saves! | сохранен | guardado | kaydet | salvamento
    impression | reach! | охват | показы! | vote | poll! | polls! | голос | опрос | oylama
    mention | упоминан | click | клик | review | отзыв | traffic | трафик | trafego | trafico
    profile visit/view | visit! | visits! | посещен | visitas | bot! start
    channel/premium/telegram boost | mass! message
    boosts! | буст
    """
)
WEB_TRAFFIC: Final = compiled(
    "traffic | трафик | trafego | trafico | trafik | website | web! visit | site! visit"
)
BOT_START: Final = compiled("bot! start | bot! referral | старт .. бот! | запуск .. бот")
LIVE: Final = compiled(
    "live! | livestream | viewer | зрител | стрим | эфир | трансляц | en vivo! | ao vivo! | canli!"
    " | izleyici | espectador | siaran | concurrent"
)
STORY: Final = compiled(
    "story! | stories | сторис | истори | historia | hikaye | cerita! | storie!"
)
POST: Final = compiled(
    "post! | posts! | пост! | поста! | постов! | публикац | запис | photo | фото | foto | picture"
    " | publicac | gonderi | community | image | tweet"
)
PAGE: Final = compiled(
    "page! | pages! | fanpage | страниц | pagina | sayfa | halaman | profile | профил | perfil"
)
PAGE_WIDE: Final = compiled(
    "page! | pages! | fanpage | страниц | pagina | sayfa | halaman | profile | профил | perfil"
    " | channel | канал | canal! | kanal! | group! | groups! | групп | grupo | boost | буст"
    " | friend | друз | traffic | visit | review | server!"
)
