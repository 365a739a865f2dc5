import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from orders.links.platforms import FORWARDING_HOSTS, PLATFORMS, SITE_OF_HOST
from orders.links.video_links import (
    LONGEST_LINK_CHARS,
    PLATFORM_NAMES,
    DisguisedLink,
    NotALink,
    NotAVideo,
    ShortenedLink,
    TextAroundLink,
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
https://www.tiktok.com/@some.user_1/photo/7123456789012345678 -> https://www.tiktok.com/@some.user_1/video/7123456789012345678
https://www.facebook.com/watch/live/?v=1234567890123456 -> https://www.facebook.com/watch/?v=1234567890123456
https://www.facebook.com/video.php?v=1234567890123456 -> https://www.facebook.com/watch/?v=1234567890123456
https://www.facebook.com/share/r/1AbCdEfGhI -> https://www.facebook.com/share/r/1AbCdEfGhI/
https://x.com/i/status/1234567890123456789 -> https://x.com/i/status/1234567890123456789
https://x.com/some_user/statuses/1234567890123456789/photo/2 -> https://x.com/some_user/status/1234567890123456789
https://t.me/some_channel/123?comment=7&thread=9 -> https://t.me/some_channel/123
https://player.vimeo.com/video/123456789 -> https://vimeo.com/123456789
https://vimeo.com/groups/shorts/videos/123456789 -> https://vimeo.com/123456789
https://vimeo.com/showcase/1234/video/123456789 -> https://vimeo.com/123456789
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
    ("https://www.youtube.com:99999/watch?v=AbCdEfGhI_k", NotALink()),
    ("https://www.youtube.com:nine/watch?v=AbCdEfGhI_k", NotALink()),
    ("https://youtu.be\\@evil.example/AbCdEfGhI_k", NotALink()),
    ("javascript:alert(1)//youtu.be/AbCdEfGhI_k", NotALink()),
    ("ftp://youtu.be/AbCdEfGhI_k", NotALink()),
    ("data:text/html,https://youtu.be/AbCdEfGhI_k", NotALink()),
    ("http://127.0.0.1/watch?v=AbCdEfGhI_k", NotALink()),
    ("http://[::1]/watch?v=AbCdEfGhI_k", NotALink()),
    ("not a link", NotALink()),
    ("спасибо.", NotALink()),
    ("@some_channel", NotALink()),
    ("3.50", NotALink()),
    # Not the link alone.
    ("https://youtu.be/AbCdEfGhI_k and more text", TextAroundLink()),
    ("look at https://www.tiktok.com/@some.user_1", TextAroundLink()),
    ("https://youtu.be/AbCdEfGhI_k\nhttps://youtu.be/ZyXwVuTsR_q", TextAroundLink()),
    ("https://youtu.be/AbCdEf\nGhI_k", TextAroundLink()),
    ("https://youtu.be/AbCdEf\tGhI_k", TextAroundLink()),
    ("https://youtu.be/AbCdEf\0GhI_k", TextAroundLink()),
    ("https://youtu.be/AbCdEf\x85GhI_k", TextAroundLink()),
    ("a" * 2049, TooLong(length_chars=2049, limit_chars=2048)),
    # A host that isn't what it seems.
    ("https://youtu.be@evil.example/AbCdEfGhI_k", DisguisedLink()),
    ("https://user:pass@youtu.be/AbCdEfGhI_k", DisguisedLink()),
    ("https://youtu.be:8443/AbCdEfGhI_k", DisguisedLink()),
    ("https://\u0443outube.com/watch?v=AbCdEfGhI_k", DisguisedLink()),  # a Cyrillic letter
    ("https://www.ti\u212atok.com/t/ZTRabc123/", DisguisedLink()),  # lower() makes it a k
    # Links that lead elsewhere.
    ("https://www.youtube.com/redirect?q=https://evil.example", ShortenedLink("www.youtube.com")),
    ("https://l.facebook.com/l.php?u=https%3A%2F%2Fevil.example", ShortenedLink("l.facebook.com")),
    ("https://www.instagram.com/share/reel/BAbcDEF123", ShortenedLink("www.instagram.com")),
    ("https://www.facebook.com/share/1AbCdEfGhI/", ShortenedLink("www.facebook.com")),
    ("https://t.co/AbCdEf123", ShortenedLink("t.co")),
    ("https://bit.ly/3abcdef", ShortenedLink("bit.ly")),
    # Sites that aren't on the list.
    (
        "https://youtube.com.evil.example/watch?v=AbCdEfGhI_k",
        UnknownSite("youtube.com.evil.example"),
    ),
    ("https://evil-youtube.com/watch?v=AbCdEfGhI_k", UnknownSite("evil-youtube.com")),
    ("https://evil.example/?u=https://youtu.be/AbCdEfGhI_k", UnknownSite("evil.example")),
    ("https://some_channel.t.me/123", UnknownSite("some_channel.t.me")),
    # Known sites, but not one video.
    ("https://www.youtube.com/watch?v=AbCdEfGhI_k&v=ZyXwVuTsR_q", NotAVideo("YouTube")),
    ("https://www.youtube.com/watch?v=AbCdEfGhI_k&%76=ZyXwVuTsR_q", NotAVideo("YouTube")),
    ("https://youtu.be/AbCdEfGhI%5Fk", NotAVideo("YouTube")),
    ("https://youtu.be/AbCdEfGhI_k%0A", NotAVideo("YouTube")),
    ("https://youtu.be/AbCdEfGhI_k//", NotAVideo("YouTube")),
    ("https://www.youtube.com/@somechannel/AbCdEfGhI_k", NotAVideo("YouTube")),
    ("https://www.youtube.com/", NotAVideo("YouTube")),
    ("https://www.youtube.com/watch", NotAVideo("YouTube")),
    ("https://www.youtube.com/watch?v=short", NotAVideo("YouTube")),
    ("https://www.youtube.com/watch?v=AbCdEfGhI_kX", NotAVideo("YouTube")),
    ("https://www.youtube.com/watch?v=AbCdEfGhI_k%0A", NotAVideo("YouTube")),
    ("https://www.youtube.com/playlist?list=PLxyz", NotAVideo("YouTube")),
    ("https://www.youtube.com/@somechannel", NotAVideo("YouTube")),
    ("https://www.youtube.com/@somechannel/live", NotAVideo("YouTube")),
    ("https://www.youtube.com/embed/live_stream?channel=UCx", NotAVideo("YouTube")),
    ("https://www.youtube.com/embed/videoseries?list=PLxyz", NotAVideo("YouTube")),
    (f"https://www.tiktok.com/@some.user_1/video/{ARABIC_INDIC_ID}", NotAVideo("TikTok")),
    ("https://www.tiktok.com/@some.user_1", NotAVideo("TikTok")),
    ("https://www.tiktok.com/@some.user_1/live", NotAVideo("TikTok")),
    ("https://www.tiktok.com/music/name-7123456789012345678", NotAVideo("TikTok")),
    ("https://www.instagram.com/some.user/", NotAVideo("Instagram")),
    ("https://www.instagram.com/stories/some.user/1234567890/", NotAVideo("Instagram")),
    ("https://www.instagram.com/reels/audio/1234567890/", NotAVideo("Instagram")),
    ("https://www.instagram.com/reels/audio/", NotAVideo("Instagram")),
    ("https://www.instagram.com/explore/tags/cats/", NotAVideo("Instagram")),
    ("https://www.facebook.com/some.page", NotAVideo("Facebook")),
    ("https://www.facebook.com/groups/123/posts/456/", NotAVideo("Facebook")),
    ("https://x.com/some_user", NotAVideo("X")),
    ("https://x.com/i/spaces/1AbCdEfGhIjKl", NotAVideo("X")),
    ("https://x.com/some_user/status/0123", NotAVideo("X")),
    ("https://t.me/some_channel/\uff11\uff12\uff13", NotAVideo("Telegram")),
    ("https://t.me/some_channel/0", NotAVideo("Telegram")),
    ("https://t.me/some_channel/0123", NotAVideo("Telegram")),
    ("https://t.me/some_channel/123/456/789", NotAVideo("Telegram")),
    ("https://t.me/some_channel", NotAVideo("Telegram")),
    ("https://t.me/s/some_channel", NotAVideo("Telegram")),
    ("https://t.me/c/1234567890/55", NotAVideo("Telegram")),
    ("https://t.me/+AbCdEfGhIjKlMnOp", NotAVideo("Telegram")),
    ("https://t.me/joinchat/AbCdEfGhIjKlMnOp", NotAVideo("Telegram")),
    ("https://t.me/some_bot?start=abc", NotAVideo("Telegram")),
    ("https://t.me/some_bot/123?startapp=abc", NotAVideo("Telegram")),
    ("https://t.me/some_bot/app?startapp=abc", NotAVideo("Telegram")),
    ("https://t.me/share/url?url=https://evil.example", NotAVideo("Telegram")),
    ("https://t.me/auction/123", NotAVideo("Telegram")),
    ("https://t.me/Boost/123", NotAVideo("Telegram")),
    ("https://t.me/boost/123", NotAVideo("Telegram")),
    ("https://vimeo.com/ondemand/some", NotAVideo("Vimeo")),
    ("https://vimeo.com/some_user", NotAVideo("Vimeo")),
    ("https://player.vimeo.com/video/123456789?h=0a1b2c3d&h=4e5f6a7b", NotAVideo("Vimeo")),
    ("https://www.twitch.tv/some_channel", NotAVideo("Twitch")),
    ("https://www.twitch.tv/directory", NotAVideo("Twitch")),
    ("https://clips.twitch.tv/embed?clip=FunnySlugName-AbC_123", NotAVideo("Twitch")),
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


def test_each_host_belongs_to_one_site_and_forwards_or_serves_but_not_both():
    hosts = [host for platform in PLATFORMS for site in platform.sites for host in site.hosts]
    assert len(hosts) == len(SITE_OF_HOST)
    assert not FORWARDING_HOSTS & SITE_OF_HOST.keys()


def test_each_platform_has_its_own_name_and_tag():
    assert len({platform.tag for platform in PLATFORMS}) == len(PLATFORMS)
    assert len(set(PLATFORM_NAMES)) == len(PLATFORMS)


# Each shape on each of its hosts, so that no row of the table escapes the properties below.
SHAPES = [(host, shape) for host, (_, site) in SITE_OF_HOST.items() for shape in site.shapes]


@st.composite
def links(draw):
    host, shape = draw(st.sampled_from(SHAPES))
    scheme = draw(st.sampled_from(["https://", "http://", "HTTPS://", ""]))
    return scheme + host + draw(st.from_regex(shape.pattern, fullmatch=True))


DECISIVE = {name for _, shape in SHAPES for name in shape.parameters}
TRACKING_NAMES = st.sampled_from(["si", "t", "igsh", "fbclid", "__tn__", "ref", "single"]) | (
    st.from_regex(r"[A-Za-z0-9_]{1,12}", fullmatch=True).filter(lambda name: name not in DECISIVE)
)
TRACKING = st.tuples(TRACKING_NAMES, st.text("abcXYZ019_-.%~*'", max_size=12))


@given(st.text())
def test_no_text_makes_the_parser_fail(text):
    read_video_link(text)


@given(st.text("htps:/.youtbe@[]\\#?&=v%0 1\t\u212a\uff0f", max_size=60))
def test_no_text_made_of_the_signs_of_links_makes_the_parser_fail(text):
    read_video_link("https://" + text)
    read_video_link("https://youtu.be" + text)


@given(links())
def test_whatever_fits_a_shape_is_a_stable_video_of_that_platform(link):
    video = canonical(link)
    assert canonical(video.link) == video
    assert SITE_OF_HOST[host_of(video.link)][0].name == video.platform


@given(links(), st.data())
def test_a_damaged_link_is_refused_or_still_a_stable_video_on_a_listed_host(link, data):
    at = data.draw(st.integers(0, len(link)))
    upto = data.draw(st.integers(at, min(at + 2, len(link))))
    damage = data.draw(st.text(st.characters() | st.sampled_from("@:/?#&=%.\\0"), max_size=3))
    read = read_video_link(link[:at] + damage + link[upto:])
    if isinstance(read, Video):
        assert read_video_link(read.link) == read
        assert host_of(read.link) in SITE_OF_HOST


@given(links(), st.lists(TRACKING, min_size=1, max_size=6), st.data())
def test_tracking_parameters_change_nothing(link, tracking, data):
    address, _, kept = link.partition("?")
    parameters = [f"{name}={value}" for name, value in tracking] + ([kept] if kept else [])
    shuffled = data.draw(st.permutations(parameters))
    slash = data.draw(st.sampled_from(["", "/"]))
    fragment = data.draw(st.sampled_from(["", "#", "#t=10", "#/watch?v=x"]))
    assert canonical(f"{address}{slash}?{'&'.join(shuffled)}{fragment}") == canonical(link)


@given(links(), st.text(st.characters(categories=["L", "N", "P"]), min_size=1))
def test_a_link_among_words_is_never_searched_for(link, words):
    assume(words.strip())
    for text in (f"{words} {link}", f"{link}\n{words}"):
        assert read_video_link(text) == TextAroundLink()
