"""Drives Debian's Firefox over WebDriver BiDi, as far as the tests' pages need it."""
import asyncio, contextlib, itertools, json, os, re, tempfile

import websockets

PREFERENCES = {
    "media.navigator.streams.fake": True, "media.navigator.permission.disabled": True, "media.autoplay.default": 0,
    "media.autoplay.blocking_policy": 0, "media.peerconnection.ice.loopback": True, "media.peerconnection.ice.obfuscate_host_addresses": False,
    "media.getusermedia.insecure.enabled": True, "browser.shell.checkDefaultBrowser": False, "datareporting.policy.dataSubmissionEnabled": False,
    "app.update.enabled": False, "toolkit.telemetry.reportingpolicy.firstRun": False, "browser.aboutwelcome.enabled": False,
    "network.proxy.type": 0,
}


class FirefoxError(Exception):
    """What the page threw."""


class Page:
    """One window; understands as much of Playwright's page as the phones of the tests use."""

    def __init__(self, session, context):
        self.session, self.context = session, context

    async def evaluate(self, function, argument=None):
        call = f"(async () => JSON.stringify(await ({function})({json.dumps(argument)})))()"
        answer = await self.session.ask("script.evaluate", expression=call, awaitPromise=True, userActivation=True, target={"context": self.context})
        if answer["type"] == "exception":
            raise FirefoxError(answer["exceptionDetails"]["text"])
        value = answer["result"].get("value")
        return json.loads(value) if isinstance(value, str) else None

    async def wait_for_function(self, function, timeout=30_000):
        for _ in range(timeout // 100):
            if await self.evaluate(function):
                return
            await asyncio.sleep(0.1)
        raise FirefoxError(f"not in time: {function}")

    async def goto(self, address):
        await self.session.ask("browsingContext.navigate", context=self.context, url=address, wait="complete")


class Session:
    """The connection to the browser."""

    def __init__(self, socket):
        self.socket, self.ids, self.waiting = socket, itertools.count(1), {}
        self.reader = asyncio.create_task(self.read())

    async def read(self):
        async for text in self.socket:
            message = json.loads(text)
            waiting = self.waiting.pop(message.get("id"), None)
            if waiting and not waiting.done():
                waiting.set_result(message)

    async def ask(self, method, **parameters):
        number = next(self.ids)
        self.waiting[number] = asyncio.get_running_loop().create_future()
        await self.socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        answer = await asyncio.wait_for(self.waiting[number], 90)
        if answer.get("type") == "error":
            raise FirefoxError(f"{method}: {answer.get('error')}: {answer.get('message')}")
        return answer["result"]


@contextlib.asynccontextmanager
async def firefox(executable):
    """Starts a browser; gives a function that opens a window with a page."""
    with tempfile.TemporaryDirectory() as profile:
        with open(os.path.join(profile, "user.js"), "w") as file:
            file.writelines(f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in PREFERENCES.items())
        # Firefox needs a sound device, which there is none where tests run: a server that plays to nobody takes its place.
        environment = {**os.environ, "HOME": profile, "XDG_RUNTIME_DIR": profile, "PULSE_SERVER": f"unix:{profile}/pulse.socket"}
        sound = await asyncio.create_subprocess_exec(
            "pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1", "--load=module-null-sink",
            f"--load=module-native-protocol-unix socket={profile}/pulse.socket auth-anonymous=1", env=environment,
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL)
        process = await asyncio.create_subprocess_exec(
            executable, "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port=0", env=environment,
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE)
        try:
            while True:
                line = (await asyncio.wait_for(process.stderr.readline(), 60)).decode()
                assert line, "Firefox ended"
                found = re.search(r"WebDriver BiDi listening on (ws://\S+)", line)
                if found:
                    break
            drain = asyncio.create_task(drain_output(process.stderr))
            async with websockets.connect(found.group(1) + "/session", max_size=None, ping_interval=None) as socket:
                session = Session(socket)
                await session.ask("session.new", capabilities={})

                async def open_page(address):
                    context = (await session.ask("browsingContext.create", type="window"))["context"]
                    page = Page(session, context)
                    await page.goto(address)
                    return page

                yield open_page
                session.reader.cancel()
            drain.cancel()
        finally:
            for child in (process, sound):
                with contextlib.suppress(ProcessLookupError):
                    child.kill()
                await child.wait()


async def drain_output(stream):
    while await stream.readline():
        pass
