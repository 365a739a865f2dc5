"""The test client's part for the ad networks."""

from sandbox.client_wire import Json, Wire


class SentPostback:
    """A postback that the network sent, with the answer."""

    def __init__(self, raw: Json) -> None:
        self.url = str(raw["url"])
        self.status = int(raw["status"])
        self.text = str(raw["text"])
        self.ad = int(raw["ad"])

    def __repr__(self) -> str:
        return f"<{self.url}: {self.status} {self.text!r}>"


class NetworkControl:
    """Controls one simulated ad network."""

    def __init__(self, wire: Wire, name: str) -> None:
        self._wire = wire
        self._path = f"/networks/{name}"
        self.sdk_url = f"{wire.url}/networks/{name}/sdk.js"

    async def configure(
        self, postback_url: str = "", *, zone: str = "", countdown_s: float = 0, repeats: int = 0
    ) -> None:
        """Set what the publisher sets in the dashboard; tests don't wait for the end of ads."""
        body = {
            "postback_url": postback_url,
            "zone": zone,
            "countdown_s": countdown_s,
            "repeats": repeats,
        }
        await self._page_call("/configure", body)

    async def next(
        self,
        *presets: str | Json,
        times: int | None = 1,
        delay_s: float | None = None,
        text: str = "",
    ) -> None:
        """Set what the next ads do: names such as "late", or whole plans."""
        more = {"times": times, "delay_s": delay_s, "text": text}
        script = [
            {"plan": {"times": times, **one}} if isinstance(one, dict) else {"preset": one, **more}
            for one in presets
        ]
        await self._wire.post(self._path, {"script": script})

    async def always(self, preset: str) -> None:
        """Set what all ads do until this is changed."""
        await self.next(preset, times=None)

    async def calm(self) -> None:
        """Show and pay normally again, and send late postbacks at once."""
        await self._wire.delete(self._path)

    async def release(self) -> int:
        """Send late postbacks at once; return how many waited."""
        return int((await self._wire.post(f"{self._path}/release"))["released"])

    async def watch(
        self,
        ymid: str = "",
        *,
        telegram_id: int | str = "",
        zone: str = "",
        request_var: str = "",
        finished: bool = True,
    ) -> Json:
        """Do what the script does in a page: ask for an ad, close it, settle the promise."""
        asked = {
            "zone": zone,
            "ymid": ymid,
            "telegram_id": str(telegram_id),
            "request_var": request_var,
        }
        ad = await self._page_call("/ads", asked)
        if ad["screen"] in {"ad", "never_settles"}:
            await self._page_call(f"/ads/{ad['ad']}/closed", {"finished": finished})
        if ad["screen"] == "ad":
            await self._page_call(f"/ads/{ad['ad']}/settled", {})
        return ad

    async def ads(self) -> list[Json]:
        """All ads that pages asked for."""
        found: list[Json] = (await self._wire.get(self._path))["ads"]
        return found

    async def postbacks(self) -> list[SentPostback]:
        """All postbacks so far that were answered, or that nobody answered."""
        return [SentPostback(raw) for raw in (await self._wire.get(self._path))["postbacks"]]

    async def wait_for_postbacks(self, count: int) -> list[SentPostback]:
        """Wait until that many postbacks were sent, in all."""
        return [SentPostback(raw) for raw in (await self._wait(postbacks=count))["postbacks"]]

    async def wait_for_ads(self, count: int) -> list[Json]:
        """Wait until pages asked for that many ads, in all."""
        found: list[Json] = (await self._wait(ads=count))["ads"]
        return found

    async def wait_for_late(self, count: int) -> None:
        """Wait until that many postbacks wait for their time."""
        await self._wait(late=count)

    async def _wait(self, *, ads: int = 0, postbacks: int = 0, late: int = 0) -> Json:
        wait_s = self._wire.wait_s
        state = await self._wire.get(
            self._path, ads=ads, postbacks=postbacks, late=late, wait_s=wait_s
        )
        seen = (state["ads_started"], len(state["postbacks"]), state["late"])
        if any(has < wanted for has, wanted in zip(seen, (ads, postbacks, late), strict=True)):
            raise AssertionError(f"the network saw only {seen} ads, postbacks, late: {state}")
        return state

    async def _page_call(self, path: str, body: Json) -> Json:
        return await self._wire.request_outside("POST", f"{self._path}{path}", json=body)
