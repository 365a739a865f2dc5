"""`/go/`: the way to the ad in `link` mode. It records the opening, and leads on."""

from http import HTTPStatus

from aiohttp.web import HTTPNotFound, Request, Response

from web.ad_endpoints import endpoints_of, limit_address


async def go(request: Request) -> Response:
    """Lead on to the ad once the opening is on the disk.

    Raises:
        HTTPNotFound: the button is too old, or nobody of ours made it.
    """
    endpoints = endpoints_of(request)
    limit_address(endpoints, endpoints.per_address, request)
    if not endpoints.ad_url or not await endpoints.service.open_link(request.match_info["session"]):
        raise HTTPNotFound
    return Response(status=HTTPStatus.FOUND, headers={"Location": endpoints.ad_url})
