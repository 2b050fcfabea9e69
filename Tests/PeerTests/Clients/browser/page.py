"""Pages of a real browser as phones: serves the softphone's modules, drives chromium with Playwright and Firefox over WebDriver BiDi."""
import asyncio, base64, contextlib, os, sys

import numpy as np
from aiohttp import web
from playwright.async_api import async_playwright

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import tone
from firefox import firefox

HERE = os.path.dirname(os.path.abspath(__file__))
MODULES = os.path.abspath(os.path.join(HERE, "../../../../Sources/Softphone/Web"))
RATE = 48000
CHROMIUM_ARGUMENTS = [
    "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--autoplay-policy=no-user-gesture-required",
    "--no-sandbox", "--disable-features=WebRtcHideLocalIpsWithMdns", "--allow-loopback-in-peer-connection",
]


class BrowserPhone:
    """One page with one phone and at most one call."""

    def __init__(self, page):
        self.page = page

    async def register(self, server, user, secret, **options):
        await self.page.evaluate(
            "async (options) => { window.phone = await register(options); phone.addEventListener('call', ({ detail }) => { window.incoming = detail; }); }",
            {"server": server, "user": user, "password": secret, **options})

    async def call(self, number, hz):
        """Calls a number and says a tone; gives when the call is answered."""
        await self.page.evaluate(
            """async ([number, hz]) => {
                window.microphone = tone(hz);
                window.call = await phone.call(number, { stream: microphone });
                await wait(call, "state", () => call.state === "active" || call.state === "over");
                if (call.state === "over") throw new Error("over: " + call.reason);
            }""", [number, hz])
        await self.listen()

    async def answer(self, hz, seconds=20):
        await self.page.wait_for_function("() => window.incoming", timeout=seconds * 1000)
        await self.page.evaluate(
            """async (hz) => {
                window.call = incoming;
                window.incoming = null;
                window.microphone = tone(hz);
                await call.answer({ stream: microphone });
                if (call.state !== "active") throw new Error(call.state + ": " + call.reason);
            }""", hz)
        await self.listen()

    async def listen(self):
        await self.page.evaluate("async () => { window.heard = await listen(call.remoteStream); }")

    async def heard(self, seconds):
        """Listens for a while; gives the samples."""
        await self.page.evaluate("() => { heard.blocks = []; heard.begin = null; }")
        await asyncio.sleep(seconds)
        count = await self.page.evaluate("() => { window.text = samples(heard); return text.length; }")
        # In pieces that any browser's remote control takes.
        pieces = [await self.page.evaluate("(at) => text.slice(at, at + 500000)", at) for at in range(0, count, 500_000)]
        return np.frombuffer(base64.b64decode("".join(pieces)), np.int16)

    async def delays(self):
        return await self.page.evaluate("() => { heard.blocks = []; heard.begin = null; return delays(microphone, heard); }")

    async def state(self):
        return await self.page.evaluate("() => [call.state, call.reason]")

    async def quality(self):
        return await self.page.evaluate("() => call.quality()")

    async def hang_up(self):
        await self.page.evaluate("() => call.hangUp()")


@contextlib.asynccontextmanager
async def browser(executable):
    """Starts chromium or Firefox and serves the pages; gives a function that opens a page."""
    application = web.Application()
    async def page(request):
        return web.Response(text='<!doctype html><title>loading</title><script type="module" src="/ear.js"></script>', content_type="text/html")
    application.router.add_get("/", page)
    application.router.add_get("/ear.js", lambda request: web.FileResponse(os.path.join(HERE, "ear.js")))
    application.router.add_static("/phone", MODULES)
    application.router.add_get("/speech.wav", lambda request: web.FileResponse("/usr/share/asterisk/sounds/en/demo-congrats.wav"))
    application.router.add_get("/favicon.ico", lambda request: web.Response(status=204))
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]
    if "firefox" in executable:
        async with firefox(executable) as open_window:
            async def open_page():
                page = await open_window(f"http://127.0.0.1:{port}/")
                await page.wait_for_function("() => document.title === 'ready'")
                return BrowserPhone(page)
            yield open_page
        await runner.cleanup()
        return
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=executable, args=CHROMIUM_ARGUMENTS)
        async def open_page():
            context = await started.new_context(permissions=["microphone"], ignore_https_errors=True)
            page = await context.new_page()
            page.on("pageerror", lambda error: print("page error:", error, flush=True))
            page.on("console", lambda message: print("console:", message.text, flush=True))
            await page.goto(f"http://127.0.0.1:{port}/")
            await page.wait_for_function("() => document.title === 'ready'")
            return BrowserPhone(page)
        try:
            yield open_page
        finally:
            await started.close()
            await runner.cleanup()


def report(samples):
    return {
        "seconds": round(len(samples) / RATE, 2), "frequency": round(tone.frequency(samples, RATE), 1),
        "level": round(tone.level_db(samples), 1), "gap": tone.longest_gap_ms(samples, RATE),
    }
