import re
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.links.any_links import LONGEST_ANY_LINK_CHARS
from orders.links.order_links import read_order_link
from orders.links.platforms import (
    FORWARDING_HOSTS,
    ORDER_PLATFORMS,
    ORDER_SITE_OF_DOMAIN,
    PLATFORMS,
    site_of,
)
from orders.links.results import (
    DisguisedLink,
    LinkedItem,
    NotALink,
    NotAPage,
    NotAPost,
    NotAVideo,
    OtherPlatform,
    SeveralLinks,
    SeveralVideos,
    ShortenedLink,
    TooLong,
    UnknownSite,
)
from orders.links.shapes import Page
from orders.links.targets import Target
from orders.links.video_links import read_video_link

VIDEO, POST, PAGE = Target

TABLE = Path(__file__).parent / "tables" / "order_links.txt"


def rows():
    """Target, platform, what people send, the canonical link, the end of the key."""
    target = POST
    for row in TABLE.read_text(encoding="utf-8").splitlines():
        if row.startswith("# "):
            target = Target(row.removeprefix("# "))
        else:
            platform, _, rest = row.partition(": ")
            yield target, platform, *rest.split(" -> ")


ROWS = list(rows())


@pytest.mark.parametrize(("target", "platform", "sent", "link", "key"), ROWS)
def test_a_link_has_one_canonical_form_and_one_key(target, platform, sent, link, key):
    read = read_order_link(sent, target, platform)
    begin = f"{platform}:page:" if target is PAGE else f"{platform}:"
    assert read == LinkedItem(link, begin + key, ORDER_PLATFORMS[platform].name)
    assert read_order_link(link, target, platform) == read


@pytest.mark.parametrize(("target", "platform", "link"), [(*row[:2], row[3]) for row in ROWS])
def test_without_a_platform_a_link_of_a_site_in_the_tables_is_the_same(target, platform, link):
    assert read_order_link(link, target, "") == read_order_link(link, target, platform)


def test_every_platform_has_examples_of_what_it_takes():
    pages = {platform for target, platform, *_ in ROWS if target is PAGE}
    posts = {platform for target, platform, *_ in ROWS if target is POST}
    assert pages == set(ORDER_PLATFORMS)
    without_posts = {"discord", "whatsapp"}
    assert posts == ORDER_PLATFORMS.keys() - without_posts


REFUSED = [
    (PAGE, "youtube", "https://youtu.be/AbCdEfGhI_k", NotAPage("YouTube", Page.POST)),
    (PAGE, "youtube", "youtube.com/playlist?list=PL", NotAPage("YouTube", Page.PLAYLIST)),
    (PAGE, "youtube", "youtube.com/channel/UCshort", NotAPage("YouTube", Page.INCOMPLETE)),
    (PAGE, "youtube", "https://www.youtube.com/", NotAPage("YouTube")),
    # A name goes on in other letters: what its Latin part names belongs to somebody else.
    (PAGE, "youtube", "youtube.com/@abcпривет", NotAPage("YouTube", Page.INCOMPLETE)),
    (PAGE, "youtube", "@abcпривет", NotALink()),
    (PAGE, "instagram", "instagram.com/some.userпривет", NotAPage("Instagram", Page.INCOMPLETE)),
    (PAGE, "instagram", "instagram.com/p/CabcDEF1234/", NotAPage("Instagram", Page.POST)),
    (PAGE, "instagram", "https://www.instagram.com/explore/", NotAPage("Instagram", Page.SEARCH)),
    (PAGE, "instagram", "instagram.com/stories/some.user/12/", NotAPage("Instagram", Page.STORY)),
    (PAGE, "instagram", "instagram.com/share/AbCdEf", ShortenedLink("instagram.com")),
    (PAGE, "instagram", "me@gmail.com", NotALink()),
    (PAGE, "instagram", "some.user", NotALink()),
    (PAGE, "linkedin", "@some_user", NotALink()),
    (PAGE, "tiktok", "https://vm.tiktok.com/ZMabc1234/", ShortenedLink("vm.tiktok.com")),
    (PAGE, "tiktok", "tiktok.com/music/x-7123456789012345678", NotAPage("TikTok", Page.SOUND)),
    (PAGE, "facebook", "facebook.com/groups/12345/posts/7654321", NotAPage("Facebook", Page.POST)),
    (PAGE, "facebook", "facebook.com/share/1AbCdEfGhI/", ShortenedLink("facebook.com")),
    (PAGE, "facebook", "https://www.facebook.com/marketplace", NotAPage("Facebook", Page.SEARCH)),
    (PAGE, "x", "https://x.com/home", NotAPage("X", Page.SEARCH)),
    (PAGE, "x", "https://x.com/some_user/status/123", NotAPage("X", Page.POST)),
    (PAGE, "telegram", "https://t.me/some_channel/5", NotAPage("Telegram", Page.POST)),
    (PAGE, "telegram", "https://t.me/SomeBot", NotAPage("Telegram", Page.BOT)),
    (PAGE, "telegram", "https://t.me/c/123/4", NotAPage("Telegram", Page.PRIVATE_CHANNEL)),
    (PAGE, "telegram", "https://t.me/+491701234567", NotAPage("Telegram", Page.INCOMPLETE)),
    (PAGE, "telegram", "https://t.me/proxy?server=x", NotAPage("Telegram")),
    (PAGE, "vk", "https://vk.com/durov?w=wall1_2", NotAPage("VK", Page.POST)),
    (PAGE, "vk", "https://vk.com/away.php?to=https://evil.example", ShortenedLink("vk.com")),
    (POST, "vk", "https://vk.com/durov", NotAPost("VK", Page.PROFILE)),
    (POST, "tiktok", "https://www.tiktok.com/@some.user", NotAPost("TikTok", Page.PROFILE)),
    (POST, "facebook", "https://www.facebook.com/groups/12345", NotAPost("Facebook", Page.GROUP)),
    (POST, "facebook", "facebook.com/some.page/posts/", NotAPost("Facebook", Page.INCOMPLETE)),
    (POST, "telegram", "https://t.me/some_channel", NotAPost("Telegram", Page.PROFILE)),
    (POST, "telegram", "@some_channel", NotALink()),
    (POST, "pinterest", "https://pin.it/AbCdEf", ShortenedLink("pin.it")),
    (POST, "youtube", "https://bit.ly/AbCdEf", ShortenedLink("bit.ly")),
    (POST, "youtube", "https://evil.example/AbCdEf", UnknownSite("evil.example")),
    (POST, "youtube", "https://youtu.be@evil.example/AbCdEfGhI_k", DisguisedLink()),
    (PAGE, "youtube", "a" * 2049, TooLong(2049, 2048)),
    (VIDEO, "youtube", "https://www.youtube.com/@some_channel", NotAVideo("YouTube", Page.PROFILE)),
    (VIDEO, "youtube", "https://vimeo.com/123456789", OtherPlatform("Vimeo", "YouTube")),
    (VIDEO, "youtube", "https://vk.com/video-1_2", OtherPlatform("VK", "YouTube")),
    (VIDEO, "tiktok", "https://youtu.be/AbCdEfGhI_k", OtherPlatform("YouTube", "TikTok")),
    (POST, "x", "https://www.instagram.com/p/CabcDEF1234/", OtherPlatform("Instagram", "X")),
    (PAGE, "telegram", "instagram.com/some.user/", OtherPlatform("Instagram", "Telegram")),
    # Nothing stands in for the platform that the service is for.
    (PAGE, "telegram", "https://vk.com/durov или @durov", OtherPlatform("VK", "Telegram")),
]  # fmt: skip


@pytest.mark.parametrize(("target", "platform", "sent", "refusal"), REFUSED)
def test_anything_else_is_refused_by_its_name(target, platform, sent, refusal):
    assert read_order_link(sent, target, platform) == refusal


def test_a_video_of_a_platform_is_what_the_reader_of_videos_takes():
    link = "https://www.youtube.com/watch?v=AbCdEfGhI_k&lc=UgxABCdefghijk123"
    assert read_order_link(link, VIDEO, "youtube") == read_video_link(link)
    assert read_order_link(link, VIDEO, "") == read_video_link(link)


def test_a_video_of_a_platform_without_rows_for_videos_is_read_as_a_post():
    link = "https://vk.com/video-1_2"
    assert read_order_link(link, VIDEO, "vk") == read_order_link(link, POST, "vk")


def test_a_platform_in_no_table_is_read_as_none():
    link = "https://example.org/x"
    assert read_order_link(link, POST, "friendster") == read_order_link(link, POST, "")


def test_a_link_of_the_right_platform_counts_beside_those_of_others():
    link = "https://youtu.be/AbCdEfGhI_k"
    text = f"https://vimeo.com/123456789 {link}"
    assert read_order_link(text, VIDEO, "youtube") == read_video_link(link)


def test_of_several_things_none_is_chosen_and_one_in_two_spellings_is_one():
    one = read_order_link("t.me/one_channel", PAGE, "telegram")
    two = read_order_link("t.me/two_channel", PAGE, "telegram")
    several = SeveralLinks((one, two))
    assert read_order_link("@one_channel @two_channel", PAGE, "telegram") == several
    assert read_order_link("t.me/one_channel t.me/two_channel", PAGE, "telegram") == several
    assert read_order_link("@one_channel, @ONE_channel", PAGE, "telegram") == one
    videos = "https://youtu.be/AbCdEfGhI_k https://youtu.be/ZyXwVuTsR_q"
    assert isinstance(read_order_link(videos, VIDEO, "youtube"), SeveralVideos)
    links = read_order_link("https://a.example.org и https://b.example.org/x", POST, "")
    assert isinstance(links, SeveralLinks)


# Links of any site.


@pytest.mark.parametrize(
    ("sent", "link"),
    [
        ("https://Example.ORG", "https://example.org/"),
        ("http://example.org.:80/x#part", "http://example.org/x"),
        ("example.org/x?utm_source=a&b=1&FBCLID=2", "https://example.org/x?b=1"),
        ("https://example.org/%61%7e/?%61=%62", "https://example.org/a~/?a=b"),
        ("https://example.org/привет", "https://example.org/%D0%BF%D1%80%D0%B8%D0%B2%D0%B5%D1%82"),
        ("https://example.org/caf%c3%a9", "https://example.org/caf%C3%A9"),
        ("(https://example.org/a_(b)).", "https://example.org/a_(b)"),
        ("look: https://example.org/a?b=1&amp;c=2!", "https://example.org/a?b=1&c=2"),
        ("https://bit.ly/AbC", "https://bit.ly/AbC"),
        ("https://t.me/SomeBot?start=abc", "https://t.me/SomeBot?start=abc"),
        ("https://example.org/?to=https://example.net/", "https://example.org/?to=https://example.net/"),
    ],
)  # fmt: skip
def test_a_link_of_any_site_is_written_in_one_way(sent, link):
    read = read_order_link(sent, POST, "")
    assert isinstance(read, LinkedItem)
    assert (read.link, read.platform) == (link, "")
    assert re.fullmatch("link:[0-9a-f]{16}", read.key)
    assert read_order_link(link, PAGE, "") == read


@pytest.mark.parametrize(
    ("sent", "refusal"),
    [
        ("http://localhost/x", NotALink()),
        ("http://127.0.0.1/x", UnknownSite("127.0.0.1")),
        ("http://2130706433/", NotALink()),
        ("http://0x7f.1/", NotALink()),
        ("http://[::1]/", NotALink()),
        ("https://printer.local/", UnknownSite("printer.local")),
        ("https://a.localhost/", UnknownSite("a.localhost")),
        ("https://a:b@example.org/", DisguisedLink()),
        ("https://example.org@evil.example/", DisguisedLink()),
        ("https://example.org\\@evil.example/", DisguisedLink()),
        ("https://example.org:8443/", DisguisedLink()),
        ("https://example.org:80/", DisguisedLink()),
        ("https://\u0435xample.org/", DisguisedLink()),
        ("https://example.org/a/%2e%2e/b", DisguisedLink()),
        ("https://example.org/a/../b", DisguisedLink()),
        ("https://example.org/a%2Fb", DisguisedLink()),
        ("https://example.org/a%00", DisguisedLink()),
        ("https://example.org/a%250a", DisguisedLink()),
        ("https://example.org/a%0d%0ab", DisguisedLink()),
        ("https://example.org/%ff", DisguisedLink()),
        ("https://example.org/100%", DisguisedLink()),
        ("https://example.org/?a[]=1", DisguisedLink()),
        ("https://example.org/?a=%26b", DisguisedLink()),
        ("ftp://example.org/", NotALink()),
        ("javascript:alert(1)//example.org/", NotALink()),
        ("@some_name", NotALink()),
        ("", NotALink()),
        (f"https://example.org/{'a' * 500}", TooLong(520, LONGEST_ANY_LINK_CHARS)),
    ],
)
def test_a_link_that_is_not_plain_and_public_is_refused(sent, refusal):
    assert read_order_link(sent, POST, "") == refusal


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://example.org/x?a=1&b=2", "http://example.org/x?b=2&a=1&gclid=3", True),
        ("https://example.org/x", "https://EXAMPLE.org/x#y", True),
        ("https://example.org/x", "https://example.org/X", False),
        ("https://example.org/x", "https://www.example.org/x", False),
        ("https://example.org/x?a=1", "https://example.org/x?a=2", False),
    ],
)
def test_two_spellings_of_a_link_have_one_key_and_two_pages_two(one, other, same):
    keys = {read_order_link(sent, POST, "").key for sent in (one, other)}
    assert len(keys) == (1 if same else 2)


# The tables.


def test_each_domain_belongs_to_one_site_and_each_platform_has_its_own_name_and_key():
    domains = [
        domain
        for platform in ORDER_PLATFORMS.values()
        for site in platform.sites
        for domain in site.domains
    ]
    assert len(domains) == len(ORDER_SITE_OF_DOMAIN)
    assert not FORWARDING_HOSTS & ORDER_SITE_OF_DOMAIN.keys()
    assert len({platform.name for platform in ORDER_PLATFORMS.values()}) == len(ORDER_PLATFORMS)
    assert {platform.tag for platform in PLATFORMS} < ORDER_PLATFORMS.keys()


HANDLES = [platform for platform in ORDER_PLATFORMS.values() if platform.handle_link]


@pytest.mark.parametrize("platform", HANDLES, ids=lambda platform: platform.tag)
def test_a_bare_handle_is_the_page_that_its_link_leads_to(platform):
    read = read_order_link("@SomeName", PAGE, platform.tag)
    assert isinstance(read, LinkedItem)
    assert read.link == platform.handle_link.format(name="SomeName")


SHAPES = [
    (target, platform.tag, domain, site.name_in_host, shape)
    for domain, (platform, site) in ORDER_SITE_OF_DOMAIN.items()
    for target, shapes in (
        (POST, (*site.post_shapes, *site.shapes)),
        (PAGE, site.page_shapes),
    )
    for shape in shapes
]


@st.composite
def links(draw):
    target, platform, domain, name_in_host, shape = draw(st.sampled_from(SHAPES))
    scheme = draw(st.sampled_from(["https://", "http://", "HTTPS://", ""]))
    below = draw(st.sampled_from(["", "www."] if name_in_host else ["", "www.", "m."]))
    text = draw(st.from_regex(shape.pattern, fullmatch=True))
    names = "|".join(shape.parameters) or "(?!)"
    path, *rest = re.split(rf"\?({names})=", text, flags=re.IGNORECASE)
    query = "&".join(
        f"{name}={quote(value, safe='')}" for name, value in zip(rest[::2], rest[1::2], strict=True)
    )
    return target, platform, scheme + below + domain + path + (f"?{query}" if query else "")


@given(links())
def test_whatever_fits_a_shape_is_read_on_its_platform_and_stays_what_it_is(link):
    target, platform, sent = link
    read = read_order_link(sent, target, platform)
    assert isinstance(read, LinkedItem)
    assert read_order_link(read.link, target, platform) == read
    assert read.key.startswith(f"{platform}:page:" if target is PAGE else f"{platform}:")
    host = re.match(r"https://([^/?#]+)/", read.link)[1]
    assert site_of(host, ORDER_SITE_OF_DOMAIN)[0].tag == platform


@given(links())
def test_a_link_of_another_platform_is_refused(link):
    target, platform, sent = link
    wanted = "vk" if platform != "vk" else "ok"
    names = (ORDER_PLATFORMS[platform].name, ORDER_PLATFORMS[wanted].name)
    assert read_order_link(sent, target, wanted) == OtherPlatform(*names)


@given(links(), st.sampled_from(Target), st.sampled_from(["", *ORDER_PLATFORMS]), st.data())
def test_a_damaged_link_is_refused_or_still_stable(link, target, platform, data):
    own_target, own, sent = link
    at = data.draw(st.integers(0, len(sent)))
    upto = data.draw(st.integers(at, min(at + 2, len(sent))))
    damage = data.draw(st.text(st.characters() | st.sampled_from("@:/?#&=%.\\0"), max_size=3))
    text = sent[:at] + damage + sent[upto:]
    for wanted, key in ((target, platform), (own_target, own)):
        read = read_order_link(text, wanted, key)
        if isinstance(read, LinkedItem):
            assert read_order_link(read.link, wanted, key) == read


ANY_TEXT = st.text() | st.text("htps:/.exampl@[]()\\#?&=v%0 12Fe\t\u212a\uff0f\u0436", max_size=60)


@given(ANY_TEXT, st.sampled_from(Target), st.sampled_from(["", *ORDER_PLATFORMS]))
def test_no_text_makes_the_reader_fail_and_what_it_takes_is_stable(text, target, platform):
    for begin in ("", "https://", "https://example.org/", "https://t.me/", "@"):
        read = read_order_link(begin + text, target, platform)
        if isinstance(read, LinkedItem):
            assert read_order_link(read.link, target, platform) == read
            assert len(read.link) <= 2048
            assert read.link.isascii()
