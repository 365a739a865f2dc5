"""Request bodies: read within limits of size and time."""

import asyncio
from typing import Never

from aiohttp.web import (
    HTTPBadRequest,
    HTTPRequestEntityTooLarge,
    HTTPRequestTimeout,
    Request,
    RequestPayloadError,
)

READ_WITHIN_S = 10.0


async def read_json_body(
    request: Request, bytes_max: int, within_s: float = READ_WITHIN_S
) -> bytes:
    """The bytes of a body that says it is JSON.

    Raises:
        HTTPException: it is too long, too slow, broken off, or no JSON by its type.
    """
    if (request.content_length or 0) > bytes_max:
        _refuse_as_too_large(bytes_max)
    if request.content_type != "application/json":
        raise HTTPBadRequest
    body = bytearray()
    try:
        async with asyncio.timeout(within_s):
            # Chunked or compressed bodies don't say beforehand how long they are.
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > bytes_max:
                    _refuse_as_too_large(bytes_max)
    except TimeoutError:
        raise HTTPRequestTimeout from None
    except (RequestPayloadError, ConnectionError):
        # Broken off, or wrongly compressed.
        raise HTTPBadRequest from None
    return bytes(body)


def _refuse_as_too_large(bytes_max: int) -> Never:
    raise HTTPRequestEntityTooLarge(max_size=bytes_max)
