import re
from urllib.parse import quote

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from orders.links.platforms import FORWARDING_HOSTS, PLATFORMS, SITE_OF_DOMAIN, site_of
from orders.links.shapes import Page
from orders.links.video_links import (
    LONGEST_LINK_CHARS,
    PLATFORM_NAMES,
    DisguisedLink,
    NotALink,
    NotAVideo,
    SeveralVideos,
    ShortenedLink,
    TooLong,
    UnknownSite,
    Video,
    read_video_link,
)

# What people send, and the canonical link they get. All ids are invented.
ACCEPTED = """
https://www.youtube.com/watch?v=AbCdEfGhI_k&t=42s&list=PLxyz&index=3 -> https://www.youtube.com/watch?v=AbCdEfGhI_k
https://m.youtube.com/watch?app=desktop&v=AbCdEfGhI_k&feature=youtu.be -> https://www.youtube.com/watch?v=AbCdEfGhI_k
https://youtu.be/AbCdEfGhI_k?si=Tr4ck1ngT0k3n -> https://www.youtube.com/watch?v=AbCdEfGhI_k
https://www.youtube.com/shorts/-bCdEfGhIjK?feature=share -> https://www.youtube.com/watch?v=-bCdEfGhIjK
https://youtube.com/live/AbCdEfGhI_k?si=x -> https://www.youtube.com/watch?v=AbCdEfGhI_k
https://music.youtube.com/watch?v=AbCdEfGhI_k&si=x -> https://www.youtube.com/watch?v=AbCdEfGhI_k
youtu.be/AbCdEfGhI_k -> https://www.youtube.com/watch?v=AbCdEfGhI_k
HTTPS://WWW.YouTube.COM/watch?v=AbCdEfGhI_k#t=10 -> https://www.youtube.com/watch?v=AbCdEfGhI_k
https://www.tiktok.com/@some.user_1/video/7123456789012345678?is_from_webapp=1&sender_device=pc -> https://www.tiktok.com/@some.user_1/video/7123456789012345678
https://m.tiktok.com/@some.user_1/video/7123456789012345678?_r=1&_t=8abc -> https://www.tiktok.com/@some.user_1/video/7123456789012345678
https://vm.tiktok.com/ZMabc1234/ -> https://vm.tiktok.com/ZMabc1234/
https://vt.tiktok.com/ZSabc1234 -> https://vt.tiktok.com/ZSabc1234/
https://www.tiktok.com/t/ZTRabc123/ -> https://www.tiktok.com/t/ZTRabc123/
https://www.instagram.com/reel/CabcDEF1234/?igsh=MzRlODBiNWFlZA== -> https://www.instagram.com/reel/CabcDEF1234/
https://instagram.com/p/CabcDEF1234/?utm_source=ig_web_copy_link -> https://www.instagram.com/p/CabcDEF1234/
https://www.instagram.com/tv/CabcDEF1234 -> https://www.instagram.com/tv/CabcDEF1234/
https://www.instagram.com/reels/CabcDEF1234/ -> https://www.instagram.com/reel/CabcDEF1234/
https://www.instagram.com/some.user/reel/CabcDEF1234/ -> https://www.instagram.com/reel/CabcDEF1234/
https://www.facebook.com/watch/?v=1234567890123456&mibextid=abc -> https://www.facebook.com/watch/?v=1234567890123456
https://m.facebook.com/watch/?v=1234567890123456&ref=sharing -> https://www.facebook.com/watch/?v=1234567890123456
https://www.facebook.com/some.page/videos/1234567890123456/ -> https://www.facebook.com/watch/?v=1234567890123456
https://www.facebook.com/some.page/videos/a-nice-title/1234567890123456/ -> https://www.facebook.com/watch/?v=1234567890123456
https://www.facebook.com/reel/1234567890123456?s=single_unit -> https://www.facebook.com/reel/1234567890123456
https://www.facebook.com/share/v/1AbCdEfGhI/?mibextid=x -> https://www.facebook.com/share/v/1AbCdEfGhI/
https://fb.watch/aBc-12_deF/ -> https://fb.watch/aBc-12_deF/
https://twitter.com/some_user/status/1234567890123456789?s=20&t=abc -> https://x.com/some_user/status/1234567890123456789
https://x.com/some_user/status/1234567890123456789/video/1 -> https://x.com/some_user/status/1234567890123456789
https://mobile.twitter.com/i/web/status/1234567890123456789 -> https://x.com/i/status/1234567890123456789
https://t.me/some_channel/123 -> https://t.me/some_channel/123
https://t.me/s/some_channel/123 -> https://t.me/some_channel/123
https://telegram.me/some_channel/123?single -> https://t.me/some_channel/123
t.me/some_group/10/345 -> https://t.me/some_group/345
https://vimeo.com/123456789 -> https://vimeo.com/123456789
https://vimeo.com/123456789/0a1b2c3d4e?share=copy -> https://vimeo.com/123456789/0a1b2c3d4e
https://player.vimeo.com/video/123456789?h=0a1b2c3d4e&badge=0 -> https://vimeo.com/123456789/0a1b2c3d4e
https://vimeo.com/channels/staffpicks/123456789 -> https://vimeo.com/123456789
https://www.twitch.tv/videos/1234567890?filter=archives -> https://www.twitch.tv/videos/1234567890
https://m.twitch.tv/some_channel/v/1234567890 -> https://www.twitch.tv/videos/1234567890
https://clips.twitch.tv/FunnySlugName-AbC_123 -> https://clips.twitch.tv/FunnySlugName-AbC_123
https://www.twitch.tv/some_channel/clip/FunnySlugName-AbC_123?tt_medium=x -> https://clips.twitch.tv/FunnySlugName-AbC_123
http://www.youtube.com:80/embed/AbCdEfGhI_k -> https://www.youtube.com/watch?v=AbCdEfGhI_k
https://youtu.be.:443/AbCdEfGhI_k -> https://www.youtube.com/watch?v=AbCdEfGhI_k
https://www.facebook.com/watch/live/?v=1234567890123456 -> https://www.facebook.com/watch/?v=1234567890123456
https://www.facebook.com/video.php?v=1234567890123456 -> https://www.facebook.com/watch/?v=1234567890123456
https://www.facebook.com/share/r/1AbCdEfGhI -> https://www.facebook.com/share/r/1AbCdEfGhI/
https://x.com/i/status/1234567890123456789 -> https://x.com/i/status/1234567890123456789
https://x.com/some_user/statuses/1234567890123456789/photo/2 -> https://x.com/some_user/status/1234567890123456789
https://t.me/some_channel/123?comment=7&thread=9 -> https://t.me/some_channel/123
https://player.vimeo.com/video/123456789 -> https://vimeo.com/123456789
https://vimeo.com/groups/shorts/videos/123456789 -> https://vimeo.com/123456789
https://vimeo.com/showcase/1234/video/123456789 -> https://vimeo.com/123456789
https://vimeo.com/video/123456789?h=0a1b2c3d4e -> https://vimeo.com/123456789/0a1b2c3d4e
https://www.youtube.com/Shorts/AbCdEfGhI_k -> https://www.youtube.com/watch?v=AbCdEfGhI_k
https://www.youtube-nocookie.com/embed/AbCdEfGhI_k?rel=0 -> https://www.youtube.com/watch?v=AbCdEfGhI_k
https://www.youtubekids.com/watch?v=AbCdEfGhI_k -> https://www.youtube.com/watch?v=AbCdEfGhI_k
https://gaming.youtube.com/watch?v=AbCdEfGhI_k -> https://www.youtube.com/watch?v=AbCdEfGhI_k
https://www.youtube.com/e/AbCdEfGhI_k -> https://www.youtube.com/watch?v=AbCdEfGhI_k
https://www.youtube.com/?v=AbCdEfGhI_k -> https://www.youtube.com/watch?v=AbCdEfGhI_k
https://www.youtube.com/watch?v=AbCdEfGhI_k&v=AbCdEfGhI_k -> https://www.youtube.com/watch?v=AbCdEfGhI_k
https://www.youtube.com/watch?app=desktop&amp;v=AbCdEfGhI_k -> https://www.youtube.com/watch?v=AbCdEfGhI_k
https://www.youtube.com/watch?v=AbCdEfGhI_k?si=abc -> https://www.youtube.com/watch?v=AbCdEfGhI_k
https://www.youtube.com/attribution_link?a=x&u=/watch%3Fv%3DAbCdEfGhI_k%26feature%3Dshare -> https://www.youtube.com/watch?v=AbCdEfGhI_k
https://www.youtube.com/attribution_link?u=%2Fwatch%3Ffeature%3Dshare%26v%3DAbCdEfGhI_k -> https://www.youtube.com/watch?v=AbCdEfGhI_k
https://www.youtu.be/AbCdEfGhI_k -> https://www.youtube.com/watch?v=AbCdEfGhI_k
https://youtu.be/AbCdEfGhI_k&feature=share -> https://www.youtube.com/watch?v=AbCdEfGhI_k
https://youtu.be//AbCdEfGhI_k// -> https://www.youtube.com/watch?v=AbCdEfGhI_k
https%3A%2F%2Fyoutu.be%2FAbCdEfGhI_k -> https://www.youtube.com/watch?v=AbCdEfGhI_k
https://m.tiktok.com/v/7123456789012345678.html?_r=1 -> https://www.tiktok.com/@_/video/7123456789012345678
https://www.tiktok.com/embed/v2/7123456789012345678 -> https://www.tiktok.com/@_/video/7123456789012345678
https://www.tiktok.com/@/video/7123456789012345678 -> https://www.tiktok.com/@_/video/7123456789012345678
https://www.tiktokv.com/share/video/7123456789012345678/ -> https://www.tiktok.com/@_/video/7123456789012345678
https://www.vm.tiktok.com/ZMabc1234 -> https://vm.tiktok.com/ZMabc1234/
https://instagr.am/p/CabcDEF1234 -> https://www.instagram.com/p/CabcDEF1234/
https://www.instagram.com/Reel/CabcDEF1234/ -> https://www.instagram.com/reel/CabcDEF1234/
https://www.instagram.com/p/CabcDEF1234/embed/captioned/ -> https://www.instagram.com/p/CabcDEF1234/
https://www.instagram.com/share/reel/BAbcDEF123?igsh=x -> https://www.instagram.com/share/reel/BAbcDEF123/
https://de-de.facebook.com/watch/?v=1234567890123456 -> https://www.facebook.com/watch/?v=1234567890123456
https://fb.com/reel/1234567890123456 -> https://www.facebook.com/reel/1234567890123456
https://www.facebook.com/Страница/videos/1234567890123456 -> https://www.facebook.com/watch/?v=1234567890123456
https://x.com/some_user/status/1234567890123456789/likes -> https://x.com/some_user/status/1234567890123456789
https://twitter.com/statuses/1234567890123456789 -> https://x.com/i/status/1234567890123456789
https://some_channel.t.me/123 -> https://t.me/some_channel/123
https://player.twitch.tv/?video=v1234567890 -> https://www.twitch.tv/videos/1234567890
https://clips.twitch.tv/embed?clip=FunnySlugName-AbC_123&parent=x -> https://clips.twitch.tv/FunnySlugName-AbC_123
"""

ACCEPTED_ROWS = [tuple(row.split(" -> ")) for row in ACCEPTED.strip().splitlines()]

ARABIC_INDIC_ID = "".join(chr(0x0660 + int(digit)) for digit in "7123456789012")

REFUSED_ROWS = [
    # No link at all.
    ("", NotALink()),
    (" \t\n ", NotALink()),
    ("//", NotALink()),
    ("https://", NotALink()),
    ("https:///watch?v=AbCdEfGhI_k", NotALink()),
    ("https://[::1/watch?v=AbCdEfGhI_k", NotALink()),
    ("javascript:alert(1)//youtu.be/AbCdEfGhI_k", NotALink()),
    ("javascript:https://youtu.be/AbCdEfGhI_k", NotALink()),
    ("app://youtu.be/AbCdEfGhI_k", NotALink()),
    ("ftp://youtu.be/AbCdEfGhI_k", NotALink()),
    ("data:text/html,https://youtu.be/AbCdEfGhI_k", NotALink()),
    ("http://[::1]/watch?v=AbCdEfGhI_k", NotALink()),
    ("not a link", NotALink()),
    ("спасибо.", NotALink()),
    ("@some_channel", NotALink()),
    ("3.50", NotALink()),
    # The id ends where the white space begins.
    ("https://youtu.be/AbCdEf\nGhI_k", NotAVideo("YouTube", Page.INCOMPLETE)),
    ("https://youtu.be/AbCdEf\0GhI_k", NotAVideo("YouTube", Page.INCOMPLETE)),
    ("https://youtu.be/AbCdEf\x85GhI_k", NotAVideo("YouTube", Page.INCOMPLETE)),
    ("a" * 2049, TooLong(length_chars=2049, limit_chars=2048)),
    # A host that isn't what it seems.
    ("https://www.youtube.com:99999/watch?v=AbCdEfGhI_k", DisguisedLink()),
    ("https://www.youtube.com:nine/watch?v=AbCdEfGhI_k", DisguisedLink()),
    ("https://youtu.be\\@evil.example/AbCdEfGhI_k", DisguisedLink()),
    ("https://youtu.be@evil.example/AbCdEfGhI_k", DisguisedLink()),
    ("https://user:pass@youtu.be/AbCdEfGhI_k", DisguisedLink()),
    ("youtu.be@evil.example/AbCdEfGhI_k", DisguisedLink()),
    ("me@youtu.be/AbCdEfGhI_k", DisguisedLink()),
    ("y\u043eutube.com/watch?v=AbCdEfGhI_k", DisguisedLink()),  # without a scheme
    ("https://youtu.be:8443/AbCdEfGhI_k", DisguisedLink()),
    ("https://\u0443outube.com/watch?v=AbCdEfGhI_k", DisguisedLink()),  # a Cyrillic letter
    ("https://www.ti\u212atok.com/t/ZTRabc123/", DisguisedLink()),  # lower() makes it a k
    # Links that lead elsewhere.
    ("https://www.youtube.com/redirect?q=https://evil.example", ShortenedLink("www.youtube.com")),
    ("https://l.facebook.com/l.php?u=https%3A%2F%2Fevil.example", ShortenedLink("l.facebook.com")),
    ("https://www.instagram.com/share/BAbcDEF123", ShortenedLink("www.instagram.com")),
    ("https://fb.me/v/AbCdEf123", ShortenedLink("fb.me")),
    ("https://www.facebook.com/share/1AbCdEfGhI/", ShortenedLink("www.facebook.com")),
    ("https://t.co/AbCdEf123", ShortenedLink("t.co")),
    ("https://bit.ly/3abcdef", ShortenedLink("bit.ly")),
    # Sites that aren't on the list.
    ("http://127.0.0.1/watch?v=AbCdEfGhI_k", UnknownSite("127.0.0.1")),
    (
        "https://youtube.com.evil.example/watch?v=AbCdEfGhI_k",
        UnknownSite("youtube.com.evil.example"),
    ),
    ("https://evil-youtube.com/watch?v=AbCdEfGhI_k", UnknownSite("evil-youtube.com")),
    ("https://evil.example/?u=https://youtu.be/AbCdEfGhI_k", UnknownSite("evil.example")),
    ("evil.example/?u=youtu.be/AbCdEfGhI_k", UnknownSite("evil.example")),
    ("https://evil.example/https://youtu.be/AbCdEfGhI_k", UnknownSite("evil.example")),
    ("https://evil.example/#https//youtu.be/AbCdEfGhI_k", UnknownSite("evil.example")),
    ("https://xn--yutube-wqf.com/watch?v=AbCdEfGhI_k", UnknownSite("xn--yutube-wqf.com")),
    # Known sites, but not one video.
    (
        "https://www.youtube.com/watch?v=AbCdEfGhI_k&v=ZyXwVuTsR_q",
        NotAVideo("YouTube", Page.INCOMPLETE),
    ),
    (
        "https://www.youtube.com/watch?v=AbCdEfGhI_k&%76=ZyXwVuTsR_q",
        NotAVideo("YouTube", Page.INCOMPLETE),
    ),
    ("https://youtu.be/AbCdEfGhI%5Fk", NotAVideo("YouTube", Page.INCOMPLETE)),
    ("https://youtu.be/AbCdEfGhI_k%0A", NotAVideo("YouTube", Page.INCOMPLETE)),
    ("https://www.youtube.com/@somechannel/AbCdEfGhI_k", NotAVideo("YouTube", Page.PROFILE)),
    ("https://www.youtube.com/", NotAVideo("YouTube")),
    ("https://www.youtube.com/watch", NotAVideo("YouTube", Page.INCOMPLETE)),
    ("https://www.youtube.com/watch?v=short", NotAVideo("YouTube", Page.INCOMPLETE)),
    ("https://www.youtube.com/watch?v=AbCdEfGhI_kX", NotAVideo("YouTube", Page.INCOMPLETE)),
    ("https://www.youtube.com/watch?v=AbCdEfGhI_k%0A", NotAVideo("YouTube", Page.INCOMPLETE)),
    ("https://www.youtube.com/playlist?list=PLxyz", NotAVideo("YouTube", Page.PLAYLIST)),
    ("https://www.youtube.com/@somechannel", NotAVideo("YouTube", Page.PROFILE)),
    ("https://www.youtube.com/@somechannel/live", NotAVideo("YouTube", Page.LIVE)),
    ("https://www.youtube.com/embed/live_stream?channel=UCx", NotAVideo("YouTube", Page.LIVE)),
    ("https://www.youtube.com/embed/videoseries?list=PLxyz", NotAVideo("YouTube", Page.PLAYLIST)),
    (
        f"https://www.tiktok.com/@some.user_1/video/{ARABIC_INDIC_ID}",
        NotAVideo("TikTok", Page.INCOMPLETE),
    ),
    ("https://www.tiktok.com/@some.user_1", NotAVideo("TikTok", Page.PROFILE)),
    ("https://www.tiktok.com/@some.user_1/live", NotAVideo("TikTok", Page.LIVE)),
    ("https://www.tiktok.com/music/name-7123456789012345678", NotAVideo("TikTok", Page.SOUND)),
    ("https://www.instagram.com/some.user/", NotAVideo("Instagram", Page.PROFILE)),
    ("https://www.instagram.com/stories/some.user/1234567890/", NotAVideo("Instagram", Page.STORY)),
    ("https://www.instagram.com/reels/audio/1234567890/", NotAVideo("Instagram", Page.SOUND)),
    ("https://www.instagram.com/reels/audio/", NotAVideo("Instagram", Page.SOUND)),
    ("https://www.instagram.com/explore/tags/cats/", NotAVideo("Instagram", Page.SEARCH)),
    ("https://www.facebook.com/some.page", NotAVideo("Facebook", Page.PROFILE)),
    ("https://www.facebook.com/groups/123/posts/456/", NotAVideo("Facebook", Page.POST)),
    ("https://x.com/some_user", NotAVideo("X", Page.PROFILE)),
    ("https://x.com/i/spaces/1AbCdEfGhIjKl", NotAVideo("X", Page.LIVE)),
    ("https://x.com/some_user/status/0123", NotAVideo("X", Page.INCOMPLETE)),
    ("https://t.me/some_channel/0", NotAVideo("Telegram", Page.INCOMPLETE)),
    ("https://t.me/some_channel/0123", NotAVideo("Telegram", Page.INCOMPLETE)),
    ("https://t.me/some_channel/123/456/789", NotAVideo("Telegram", Page.INCOMPLETE)),
    ("https://t.me/some_channel", NotAVideo("Telegram", Page.PROFILE)),
    ("https://t.me/s/some_channel", NotAVideo("Telegram", Page.PROFILE)),
    ("https://t.me/c/1234567890/55", NotAVideo("Telegram", Page.PRIVATE_CHANNEL)),
    ("https://t.me/+AbCdEfGhIjKlMnOp", NotAVideo("Telegram", Page.INVITATION)),
    ("https://t.me/joinchat/AbCdEfGhIjKlMnOp", NotAVideo("Telegram", Page.INVITATION)),
    ("https://t.me/some_bot?start=abc", NotAVideo("Telegram", Page.BOT)),
    ("https://t.me/some_bot/123?startapp=abc", NotAVideo("Telegram", Page.BOT)),
    ("https://t.me/some_bot/app?startapp=abc", NotAVideo("Telegram", Page.BOT)),
    ("https://t.me/share/url?url=https://evil.example", NotAVideo("Telegram")),
    ("https://t.me/auction/123", NotAVideo("Telegram")),
    ("https://t.me/Boost/123", NotAVideo("Telegram")),
    ("https://t.me/boost/123", NotAVideo("Telegram")),
    ("https://vimeo.com/ondemand/some", NotAVideo("Vimeo")),
    ("https://vimeo.com/some_user", NotAVideo("Vimeo", Page.PROFILE)),
    (
        "https://player.vimeo.com/video/123456789?h=0a1b2c3d&h=4e5f6a7b",
        NotAVideo("Vimeo", Page.INCOMPLETE),
    ),
    ("https://www.twitch.tv/some_channel", NotAVideo("Twitch", Page.LIVE)),
    ("https://www.twitch.tv/directory", NotAVideo("Twitch", Page.SEARCH)),
]

KEYS = [
    ("https://youtu.be/AbCdEfGhI_k", "youtube:AbCdEfGhI_k"),
    ("https://www.tiktok.com/@one/video/7123456789012345678", "tiktok:7123456789012345678"),
    ("https://www.tiktok.com/@two/video/7123456789012345678", "tiktok:7123456789012345678"),
    ("https://vm.tiktok.com/ZMabc1234/", "tiktok:short/ZMabc1234"),
    ("https://www.tiktok.com/t/ZMabc1234/", "tiktok:short/ZMabc1234"),
    ("https://www.instagram.com/p/CabcDEF1234/", "instagram:CabcDEF1234"),
    ("https://www.instagram.com/reel/CabcDEF1234/", "instagram:CabcDEF1234"),
    ("https://www.facebook.com/reel/1234567890123456", "facebook:1234567890123456"),
    ("https://www.facebook.com/watch/?v=1234567890123456", "facebook:1234567890123456"),
    ("https://www.facebook.com/share/v/123456789", "facebook:share/123456789"),
    ("https://fb.watch/123456789", "facebook:fb.watch/123456789"),
    ("https://x.com/some_user/status/123", "x:123"),
    ("https://x.com/i/status/123", "x:123"),
    ("https://t.me/Some_Channel/123", "telegram:some_channel/123"),
    ("https://t.me/some_channel/123", "telegram:some_channel/123"),
    ("https://vimeo.com/123456789", "vimeo:123456789"),
    ("https://vimeo.com/123456789/0a1b2c3d4e", "vimeo:123456789"),
    ("https://www.twitch.tv/videos/1234567890", "twitch:1234567890"),
    ("https://clips.twitch.tv/1234567890", "twitch:clip/1234567890"),
]


def canonical(text):
    video = read_video_link(text)
    assert isinstance(video, Video), f"{text!r} was refused: {video}"
    return video


def host_of(link):
    return re.fullmatch(r"https://([^/?#]+)/.*", link, re.ASCII)[1]


@pytest.mark.parametrize(("sent", "link"), ACCEPTED_ROWS)
def test_a_link_to_a_video_becomes_its_canonical_link(sent, link):
    assert canonical(sent).link == link


@pytest.mark.parametrize(("sent", "link"), ACCEPTED_ROWS)
def test_a_canonical_link_gives_the_same_video_again(sent, link):
    assert read_video_link(link) == read_video_link(sent)


@pytest.mark.parametrize(("sent", "refusal"), REFUSED_ROWS)
def test_anything_else_is_refused_by_its_name(sent, refusal):
    assert read_video_link(sent) == refusal


@pytest.mark.parametrize(("sent", "key"), KEYS)
def test_a_video_has_one_key_however_it_is_linked(sent, key):
    assert canonical(sent).key == key


@pytest.mark.parametrize("host", sorted(FORWARDING_HOSTS))
def test_a_forwarding_host_is_told_apart_from_an_unknown_one(host):
    assert read_video_link(f"{host}/AbCdEf123") == ShortenedLink(host)


def test_white_space_around_the_link_is_no_text_around_it():
    assert canonical("\n\u00a0 youtu.be/AbCdEfGhI_k\t") == canonical("youtu.be/AbCdEfGhI_k")


def test_a_link_of_the_longest_length_is_still_read():
    link = "https://youtu.be/AbCdEfGhI_k?si="
    longest = link + "x" * (LONGEST_LINK_CHARS - len(link))
    assert canonical(longest) == canonical(link)
    assert read_video_link(longest + "x") == TooLong(LONGEST_LINK_CHARS + 1, LONGEST_LINK_CHARS)


def test_every_platform_has_examples_of_both_kinds():
    visited = {canonical(sent).platform for sent, _ in ACCEPTED_ROWS}
    assert visited == set(PLATFORM_NAMES)
    refused = {refusal.platform for _, refusal in REFUSED_ROWS if isinstance(refusal, NotAVideo)}
    assert refused == set(PLATFORM_NAMES)


@pytest.mark.parametrize(
    ("sent", "page"),
    [
        ("https://www.tiktok.com/@some.user_1/photo/7123456789012345678", Page.PHOTO),
        ("https://www.tiktok.com/@some.user_1/playlist/x-7123456789012345678", Page.PLAYLIST),
        ("https://www.tiktok.com/tag/cats", Page.SEARCH),
        ("https://www.tiktok.com/@some.user_1/video/", Page.INCOMPLETE),
        ("https://vm.tiktok.com/ZM", Page.INCOMPLETE),
        ("https://www.youtube.com/c/some/videos", Page.PROFILE),
        ("https://www.youtube.com/channel/UCabcdefghijk", Page.PROFILE),
        ("https://www.youtube.com/results?search_query=cats", Page.SEARCH),
        ("https://www.youtube.com/post/UgkxAbCdEf", Page.POST),
        ("https://youtu.be/AbCd", Page.INCOMPLETE),
        ("https://www.instagram.com/reel/", Page.INCOMPLETE),
        ("https://www.instagram.com/some.user/live/", Page.LIVE),
        ("https://www.facebook.com/photo/?fbid=123456", Page.PHOTO),
        ("https://www.facebook.com/groups/123", Page.GROUP),
        ("https://www.facebook.com/stories/123/456", Page.STORY),
        ("https://www.facebook.com/profile.php?id=1", Page.PROFILE),
        ("https://x.com/search?q=cats", Page.SEARCH),
        ("https://x.com/some_user/status/", Page.INCOMPLETE),
        ("https://t.me/some_channel/s/5", Page.STORY),
        ("https://t.me/SomeBot", Page.BOT),
        ("https://telegram.me/c/1234567890/55?single", Page.PRIVATE_CHANNEL),
        ("https://vimeo.com/showcase/1234", Page.PLAYLIST),
        ("https://vimeo.com/event/1234", Page.LIVE),
        ("https://www.twitch.tv/some_channel/videos", Page.PROFILE),
        ("https://www.twitch.tv/collections/AbC", Page.PLAYLIST),
    ],
)
def test_a_page_that_is_no_video_is_named(sent, page):
    read = read_video_link(sent)
    assert isinstance(read, NotAVideo)
    assert read.page == page


def test_each_domain_belongs_to_one_site_and_forwards_or_serves_but_not_both():
    domains = [
        domain for platform in PLATFORMS for site in platform.sites for domain in site.domains
    ]
    assert len(domains) == len(SITE_OF_DOMAIN)
    assert not FORWARDING_HOSTS & SITE_OF_DOMAIN.keys()


def test_each_platform_has_its_own_name_and_tag():
    assert len({platform.tag for platform in PLATFORMS}) == len(PLATFORMS)
    assert len(set(PLATFORM_NAMES)) == len(PLATFORMS)


# What stands around a link.


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("a https://youtu.be/AbCdEfGhI_k b https://vimeo.com/123456789", 2),
        ("https://youtu.be/AbCdEfGhI_k,https://youtu.be/ZyXwVuTsR_q", 2),
        ("https://youtu.be/AbCdEfGhI_khttps://youtu.be/ZyXwVuTsR_q", 2),
        ("[https://youtu.be/AbCdEfGhI_k](https://youtu.be/ZyXwVuTsR_q)", 2),
        ("youtu.be/AbCdEfGhI_k\nyoutu.be/ZyXwVuTsR_q\nyoutu.be/AbCdEfGhI_k", 2),
    ],
)
def test_links_to_different_videos_are_all_named_once_and_in_order(text, links):
    read = read_video_link(text)
    assert isinstance(read, SeveralVideos)
    assert len({video.key for video in read.videos}) == len(read.videos) == links
    assert read.videos[0] == read_video_link("https://youtu.be/AbCdEfGhI_k")


@pytest.mark.parametrize(
    "text",
    [
        "{0} {0}",
        "{0}{0}",
        "{0}?si=abc{0}",
        "{0}\nhttps://www.youtube.com/shorts/AbCdEfGhI_k",
        "[{0}]({0})",
        "{0} https://www.youtube.com/@some_channel",
        "{0} https://example.com/shop",
        "https://bit.ly/abc {0}",
    ],
)
def test_one_video_is_that_video_however_often_and_beside_whatever_it_is_linked(text):
    link = "https://youtu.be/AbCdEfGhI_k"
    assert read_video_link(text.format(link)) == read_video_link(link)


@pytest.mark.parametrize(
    "scheme",
    [
        "https//",
        "hhttps://",
        "htpps:/",
        "http:///",
        "https://https://",
        "HTTPS ://",
        "https: //",
        "https:// ",
        "http//:",
        "ttps://",
        "htt://",
        "hhtps:/",
        "htps://",
        "https;//",
        "https:",
        "https/",
        "http:https://",
        "httpshttps://",
        "https.//",
        "Httpss://",
        "httos://",
        "jttps://",
        "://",
        "//",
        "\u0445\u0442\u0442\u043f\u0441://",
        "\u04bbttps://",
        "\uff48\uff54\uff54\uff50\uff53\uff1a\uff0f\uff0f",
    ],
)
def test_a_slip_of_the_scheme_is_mended_before_a_known_host_and_nowhere_else(scheme):
    link = "https://youtu.be/AbCdEfGhI_k"
    assert read_video_link(f"{scheme}youtu.be/AbCdEfGhI_k") == read_video_link(link)
    assert read_video_link(f"look {scheme}youtu.be/AbCdEfGhI_k!") == read_video_link(link)
    for host in ("youtu.be.evil.example", "evil.example", "y\u043eutu.be", "me@youtu.be"):
        assert not isinstance(read_video_link(f"{scheme}{host}/AbCdEfGhI_k"), Video)


@pytest.mark.parametrize(
    "text", ["спасибо.хорошо", "hello.there", "and/or", "12.10.2024/5", "a@b.com"]
)
def test_words_with_dots_and_slashes_are_no_links(text):
    assert read_video_link(text) == NotALink()


# Each shape on each of its domains, so that no row of the table escapes the properties below.
SHAPES = [
    (domain, site.name_in_host, shape)
    for domain, (_, site) in SITE_OF_DOMAIN.items()
    for shape in site.shapes
]


@st.composite
def links(draw):
    domain, name_in_host, shape = draw(st.sampled_from(SHAPES))
    scheme = draw(st.sampled_from(["https://", "http://", "HTTPS://", ""]))
    below = draw(st.sampled_from(["", "www."] if name_in_host else ["", "www.", "m.", "de-de."]))
    text = draw(st.from_regex(shape.pattern, fullmatch=True))
    names = "|".join(shape.parameters) or "(?!)"
    path, *rest = re.split(rf"\?({names})=", text, maxsplit=1, flags=re.IGNORECASE)
    query = f"?{rest[0]}={quote(rest[1], safe='')}" if rest else ""
    return scheme + below + domain + path + query


DECISIVE = {name for _, _, shape in SHAPES for name in shape.parameters}
TRACKING_NAMES = st.sampled_from(["si", "t", "igsh", "fbclid", "__tn__", "ref", "single"]) | (
    st.from_regex(r"[A-Za-z0-9_]{1,12}", fullmatch=True).filter(
        lambda name: name.lower() not in DECISIVE
    )
)
TRACKING = st.tuples(TRACKING_NAMES, st.text("abcXYZ019_-.%~*", max_size=12))

# What people and their programs put around a link. No sign in it can belong to a link's end.
INVISIBLE = st.text(
    "\u200b\u200c\u200d\u200e\u200f\u202a\u202c\u202e\u2060\u2066\u2069\ufeff\u00ad\ufe0f",
    max_size=4,
)
BEFORE = st.sampled_from(
    [
        "",
        " ",
        "Смотри",
        "Смотри ",
        "look: ",
        "Ссылка:",
        "url=",
        "(",
        "[видео](",
        "<",
        "«",
        "\u201c",
        "\u2018",
        "„",
        "'",
        '"',
        "`",
        "**",
        "👉",
        "👉 ",
        "1) ",
        "- ",
        "—",
        "\u00a0",
        "\u3000",
        "\n\n",
        "\uff08",
        "「",
        "->",
    ]
)
AFTER = st.sampled_from(
    [
        "",
        " ",
        ",спасибо",
        "спасибо",
        "👍",
        ".",
        "...",
        "…",
        "!",
        "!!!",
        ")",
        "](x)",
        ">",
        "»",
        "”",
        "\u2019",
        "'",
        '"',
        "`",
        "**",
        " thanks",
        ",thanks",
        ";",
        "\u00a0",
        "\u3000",
        "\n#video",
        "\uff09",
        "」",
        "。",
        "،شكرا",
        "—вот",
        "|",
        " @me",
        "😀😀",
    ]
)


@given(links(), BEFORE, AFTER, st.data())
def test_what_stands_around_a_link_changes_nothing(link, before, after, data):
    if not link.lower().startswith("http"):
        # Letters and dashes right before a host would be a part of it.
        assume(not before[-1:].isascii() or not before[-1:].isalpha())
        assume(before != "->")
    at = data.draw(st.integers(0, len(link)))
    mark, inside = data.draw(INVISIBLE), data.draw(INVISIBLE)
    text = f"{mark}{before}{link[:at]}{inside}{link[at:]}{after}{mark}"
    assert canonical(text) == canonical(link)


@given(links(), links())
def test_two_links_are_one_video_or_two(one, two):
    read = read_video_link(f"{one} и {two}")
    if canonical(one).key == canonical(two).key:
        assert read == canonical(one)
    else:
        assert read == SeveralVideos((canonical(one), canonical(two)))


@given(st.text())
def test_no_text_makes_the_parser_fail(text):
    read_video_link(text)


@given(st.text("htps:/.youtbe@[]\\#?&=v%0 1\t\u212a\uff0f\ud83d\u0436", max_size=60))
def test_no_text_made_of_the_signs_of_links_makes_the_parser_fail(text):
    for begin in ("", "https://", "https://youtu.be", "https://t.me/c"):
        read_video_link(begin + text)


@given(links())
def test_whatever_fits_a_shape_is_a_stable_video_of_that_platform(link):
    video = canonical(link)
    assert canonical(video.link) == video
    assert site_of(host_of(video.link))[0].name == video.platform


@given(links(), st.data())
def test_a_damaged_link_is_refused_or_still_a_stable_video_on_a_listed_host(link, data):
    at = data.draw(st.integers(0, len(link)))
    upto = data.draw(st.integers(at, min(at + 2, len(link))))
    damage = data.draw(st.text(st.characters() | st.sampled_from("@:/?#&=%.\\0"), max_size=3))
    read = read_video_link(link[:at] + damage + link[upto:])
    if isinstance(read, Video):
        assert read_video_link(read.link) == read
        assert host_of(read.link) in {*SITE_OF_DOMAIN, *(f"www.{one}" for one in SITE_OF_DOMAIN)}


@given(links(), st.lists(TRACKING, min_size=1, max_size=6), st.data())
def test_tracking_parameters_change_nothing(link, tracking, data):
    address, _, kept = link.partition("?")
    parameters = [f"{name}={value}" for name, value in tracking] + ([kept] if kept else [])
    shuffled = data.draw(st.permutations(parameters))
    slash = data.draw(st.sampled_from(["", "/"]))
    fragment = data.draw(st.sampled_from(["", "#", "#t=10", "#/watch?v=x"]))
    assert canonical(f"{address}{slash}?{'&'.join(shuffled)}{fragment}") == canonical(link)
