"""The simulated ad: the page that the ad button of the demo opens."""

from aiohttp import web

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>A pretend ad</title>
<style>
  :root { color-scheme: dark }
  * { box-sizing: border-box }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 24px;
    font: 18px/1.5 system-ui, sans-serif; color: #fff8ec; text-align: center;
    background: radial-gradient(circle at 20% 15%, #c2410c 0, transparent 45%),
      radial-gradient(circle at 85% 80%, #6d28d9 0, transparent 50%), #2a1033 }
  main { width: min(30rem, 100%) }
  small { display: inline-block; padding: 4px 12px; border-radius: 99px; letter-spacing: .02em;
    background: #fff8ec; color: #2a1033; font-weight: 600 }
  .cup { font-size: 96px; line-height: 1; margin: 28px 0 4px }
  h1 { font-size: clamp(2rem, 9vw, 3.2rem); line-height: 1.05; margin: 12px 0 }
  p { margin: 12px auto; max-width: 26rem }
  .offer { display: inline-block; margin: 18px 0 6px; padding: 14px 30px; border-radius: 14px;
    background: #fdba74; color: #2a1033; font-weight: 700 }
  footer { margin-top: 28px; font-size: 15px; color: #f3dfe9 }
</style>
<main>
  <small>This is a pretend ad</small>
  <div class="cup" aria-hidden="true">&#9749;</div>
  <h1>Moonlight Coffee</h1>
  <p>Roasted at midnight, gone by noon. The only coffee that tastes like a good idea.</p>
  <div class="offer">First cup: 0 coins</div>
  <p>Nothing is sold here and nobody is counted. The coffee does not exist either.</p>
  <footer>Look at it for a moment, then go back to the chat.</footer>
</main>
</html>
"""


async def ad_page(_request: web.Request) -> web.Response:
    """`GET /ad`."""
    return web.Response(text=PAGE, content_type="text/html", headers={"Cache-Control": "no-store"})
