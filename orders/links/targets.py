"""What a service is delivered to, which is what its customer has to send the link of."""

from enum import StrEnum


class Target(StrEnum):
    """What a service is delivered to."""

    VIDEO = "video"
    """What `video_links.read_video_link` takes."""

    POST = "post"
    """Any post or video."""

    PAGE = "page"
    """A profile, a channel or a group."""
