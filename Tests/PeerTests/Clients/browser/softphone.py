"""The softphone as people use it: softphone.py CHROMIUM HTTP-PORT FOLDER

Logs in, calls, answers, holds, mutes, sends digits, transfers both ways, and is part of another site's page.
Pictures are left in FOLDER/screenshots.
"""
import asyncio, os, re, sys

import aiohttp
from aiohttp import web
from playwright.async_api import async_playwright, expect

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from page import CHROMIUM_ARGUMENTS

CHROMIUM, PORT, FOLDER = sys.argv[1:4]
SECRET = "Hx9v-phone-Lb2k"
PAGE = f"http://127.0.0.1:{PORT}/phone/"
errors = []


class Softphone:
    def __init__(self, page):
        self.page = page

    async def picture(self, name):
        await self.page.screenshot(path=os.path.join(FOLDER, "screenshots", f"softphone-{name}.png"), full_page=True)

    def button(self, name):
        return self.page.get_by_role("button", name=name, exact=True)

    async def log_in(self, secret=SECRET):
        await self.page.get_by_label("Password").fill(secret)
        await self.button("Log in").click()

    async def ready(self):
        await expect(self.page.get_by_text("Ready")).to_be_visible()

    async def dial(self, number):
        if await self.button("Call another").count():
            await self.button("Call another").click()
        for digit in number:
            await self.button(digit).click()
        await self.button("Call").click()

    def card(self, number):
        return self.page.get_by_role("region", name=f"Call with {number}")

    async def answer(self):
        await self.button("Answer").click()

    async def is_speaking(self, number):
        await expect(self.card(number).get_by_text(re.compile(r"^\d+:\d\d$"))).to_be_visible()

    async def level(self, number):
        """What the meter of the other side shows at most within two seconds."""
        shown = []
        for _ in range(20):
            shown.append(await self.card(number).locator("meter").nth(1).evaluate("(meter) => meter.value"))
            await asyncio.sleep(0.1)
        return max(shown)

    async def is_idle(self):
        await expect(self.page.get_by_role("button", name="Hang up")).to_have_count(0)


async def walk(open_phone):
    one, two, three = await open_phone("6001"), await open_phone("6002", width=340, dark=True), await open_phone("6004")
    await one.picture("login")
    await one.log_in("not-the-secret")
    await expect(one.page.get_by_role("alert")).to_contain_text("does not accept")
    await one.picture("refused")
    for phone in (one, two, three):
        await phone.log_in()
        await phone.ready()
    await one.picture("ready")
    # A call that nobody takes, and one that is declined.
    await one.dial("6002")
    await expect(one.card("6002").get_by_text("Ringing")).to_be_visible()
    await expect(two.button("Decline")).to_be_visible()
    await two.picture("incoming")
    await one.button("Hang up").click()
    await expect(two.button("Decline")).to_have_count(0)
    await one.dial("6002")
    await two.button("Decline").click()
    await expect(one.page.get_by_text("Busy.")).to_be_visible()
    # Another number there is not.
    await one.dial("99")
    await expect(one.page.get_by_text("There is no such number.")).to_be_visible()
    await one.picture("no-such-number")
    # A conversation: the fake microphones beep.
    await one.dial("6002")
    await two.answer()
    await one.is_speaking("6002")
    assert await one.level("6002") > 0.5, "the other side is not heard"
    await one.picture("speaking")
    await two.picture("speaking-narrow-dark")
    await two.button("Mute").click()
    await asyncio.sleep(1.5)
    assert await one.level("6002") < 0.2, "who is muted is heard"
    await two.button("Unmute").click()
    await one.button("Hold").click()
    await expect(one.card("6002").get_by_text("On hold")).to_be_visible()
    await one.picture("hold")
    await one.button("Resume").click()
    assert await one.level("6002") > 0.5, "after the hold nothing is heard"
    # Blind: 6002 goes on with 6004.
    await one.button("Transfer").click()
    await one.card("6002").get_by_label("Transfer to").fill("6004")
    await one.picture("transfer")
    await one.card("6002").get_by_role("button", name="Transfer").last.click()
    await three.answer()
    await one.is_idle()
    assert await three.level("6002") > 0.5, "after the transfer nothing is heard"
    await three.picture("transferred")
    await three.button("Hang up").click()
    await two.is_idle()
    # Attended: 6001 speaks with 6002, then with 6004, then connects both.
    await one.dial("6002")
    await two.answer()
    await one.is_speaking("6002")
    await one.dial("6004")
    await three.answer()
    await one.is_speaking("6004")
    await expect(one.card("6002").get_by_text("On hold")).to_be_visible()
    await one.picture("two-calls")
    await one.card("6004").get_by_role("button", name="Transfer").click()
    await one.button("Connect with 6002").click()
    await one.is_idle()
    await expect(two.button("Hang up")).to_be_visible()
    assert await two.level("6001") > 0.5, "who were connected do not hear each other"
    await two.button("Hang up").click()
    await three.is_idle()
    # Devices, and out.
    await one.button("Settings").click()
    await expect(one.page.get_by_label("Microphone")).to_be_visible()
    await one.picture("settings")
    await one.button("Log out").click()
    await expect(one.button("Log in")).to_be_visible()


async def embedded(open_page):
    """The element in a page of another origin; what it was given is not asked for."""
    application = web.Application()
    markup = f"""<!doctype html><title>Another site</title><script type="module" src="{PAGE}arioso-phone.js"></script>
        <h1>Our customers</h1><arioso-phone server="ws://127.0.0.1:{PORT}/ws" user="6001" password="{SECRET}"></arioso-phone>"""
    async def page(request):
        return web.Response(text=markup, content_type="text/html")
    application.router.add_get("/", page)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    phone = await open_page(f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}/")
    await phone.ready()
    await phone.page.evaluate("() => { document.querySelector('arioso-phone').dial('1002'); }")
    await phone.is_speaking("1002")
    assert await phone.level("1002") > 0.5, "the echo is not heard"
    await phone.picture("embedded")
    await phone.button("Hang up").click()
    await phone.is_idle()
    await runner.cleanup()


async def headers():
    """The modules are for everybody, the page is not for others' frames."""
    async with aiohttp.ClientSession() as session:
        async with session.get(PAGE) as answer:
            policy = answer.headers["Content-Security-Policy"]
            assert "frame-ancestors 'self'" in policy and "script-src 'self'" in policy, policy
        async with session.get(PAGE + "phone.js") as answer:
            assert answer.headers["Access-Control-Allow-Origin"] == "*" and answer.content_type == "text/javascript"
        async with session.get(PAGE + "nothing.js") as answer:
            assert answer.status == 404


async def main():
    os.makedirs(os.path.join(FOLDER, "screenshots"), exist_ok=True)
    await headers()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        async def open_page(address, width=420, dark=False):
            context = await browser.new_context(
                permissions=["microphone"], viewport={"width": width, "height": 760}, color_scheme="dark" if dark else "light")
            page = await context.new_page()
            page.set_default_timeout(15_000)
            page.on("pageerror", lambda error: errors.append(str(error)))
            await page.goto(address)
            return Softphone(page)
        expect.set_options(timeout=15_000)
        await walk(lambda user, **how: open_page(f"{PAGE}?user={user}", **how))
        await embedded(open_page)
        await browser.close()
    assert not errors, errors
    print("done", flush=True)


asyncio.run(main())
