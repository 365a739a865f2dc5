"""The table's rows for Telegram, Discord and WhatsApp: channels, groups and their posts."""

from orders.links.shapes import Page, Platform, Site, page_shape, pages, shape

# First parts of a path that Telegram reserves, except those too short to be a name.
_TELEGRAM_RESERVED = (
    "addemoji|addlist|addstickers|addstyle|addtheme|auction|auth|boost|call|confirmphone|contact"
    "|giftcode|invoice|joinchat|login|proxy|setlanguage|share|socks"
)
_TELEGRAM_NAME = (
    rf"(?P<name>(?!(?:{_TELEGRAM_RESERVED})(?![A-Za-z0-9_]))[A-Za-z][A-Za-z0-9_]{{3,31}})"
)
_TELEGRAM_NUMBER = "[1-9][0-9]{0,9}"
_TELEGRAM_BOT = r"[A-Za-z0-9_]*(?:bot)"
_TELEGRAM_BOT_PARAMETERS = ("start", "startapp", "startgroup")

TELEGRAM = Platform(
    "Telegram",
    "telegram",
    (
        Site(
            ("t.me", "telegram.me", "telegram.dog"),
            tuple(
                # Links that start a bot have the same path; no pattern matches their parameters.
                shape(
                    rf"{place}/(?P<id>{_TELEGRAM_NUMBER})",
                    "https://t.me/{name}/{id}",
                    "{name}/{id}",
                    parameters=_TELEGRAM_BOT_PARAMETERS,
                    ignores_case=True,
                )
                for place in (
                    f"/{_TELEGRAM_NAME}",
                    f"/s/{_TELEGRAM_NAME}",
                    f"/{_TELEGRAM_NAME}/{_TELEGRAM_NUMBER}",
                )
            ),
            pages(
                (r"/c/", Page.PRIVATE_CHANNEL),
                (r"/\+|/joinchat\b", Page.INVITATION),
                (rf"/{_TELEGRAM_NAME}/s/", Page.STORY),
                (rf"/{_TELEGRAM_BOT}(?:/|$)", Page.BOT),
                (rf"/(?:{_TELEGRAM_RESERVED})\b|/[A-Za-z](?:/(?!{_TELEGRAM_NAME}$)|$)", Page.OTHER),
                (rf"/(?:s/)?{_TELEGRAM_NAME}$", Page.PROFILE),
                (rf"/(?:s/)?{_TELEGRAM_NAME}/", Page.INCOMPLETE),
            ),
            name_in_host=True,
            post_shapes=(
                shape(
                    f"/{_TELEGRAM_NAME}/s/(?P<id>{_TELEGRAM_NUMBER})",
                    "https://t.me/{name}/s/{id}",
                    "{name}/s/{id}",
                    ignores_case=True,
                ),
            ),
            page_shapes=(
                page_shape(
                    f"/(?:s/|boost/)?(?!{_TELEGRAM_BOT}(?![A-Za-z0-9_])){_TELEGRAM_NAME}",
                    "https://t.me/{name}",
                    parameters=_TELEGRAM_BOT_PARAMETERS,
                ),
                # Some panels decode a link once more, and would turn the plus into a space: so
                # the older form. Behind a plus, digits alone are a phone number.
                page_shape(
                    r"/(?:\+|joinchat/)(?P<code>(?=[0-9]*[A-Za-z_-])[A-Za-z0-9_-]{10,64})",
                    "https://t.me/joinchat/{code}",
                    "joinchat/{code}",
                    ignores_case=False,
                ),
            ),
        ),
    ),
    handle_link="https://t.me/{name}",
)

DISCORD = Platform(
    "Discord",
    "discord",
    (
        Site(
            ("discord.gg",),
            page_shapes=(
                page_shape(
                    "/(?P<code>[A-Za-z0-9-]{2,64})",
                    "https://discord.gg/{code}",
                    "{code}",
                    ignores_case=False,
                ),
            ),
        ),
        Site(
            ("discord.com", "discordapp.com"),
            pages=pages((r"/channels/", Page.PRIVATE_CHANNEL)),
            page_shapes=(
                page_shape(
                    "/invite/(?P<code>[A-Za-z0-9-]{2,64})",
                    "https://discord.gg/{code}",
                    "{code}",
                    ignores_case=False,
                ),
            ),
        ),
    ),
)

WHATSAPP = Platform(
    "WhatsApp",
    "whatsapp",
    (
        Site(
            ("chat.whatsapp.com",),
            page_shapes=(
                page_shape(
                    "/(?:invite/)?(?P<code>[A-Za-z0-9]{16,32})",
                    "https://chat.whatsapp.com/{code}",
                    "chat/{code}",
                    ignores_case=False,
                ),
            ),
        ),
        Site(
            ("whatsapp.com",),
            page_shapes=(
                page_shape(
                    "/channel/(?P<code>[A-Za-z0-9]{16,32})",
                    "https://whatsapp.com/channel/{code}",
                    "channel/{code}",
                    ignores_case=False,
                ),
            ),
        ),
    ),
)
