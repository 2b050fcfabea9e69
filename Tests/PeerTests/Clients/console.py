"""Walks through the console with a browser: console.py CHROMIUM CONSOLE-URL CODE ARIOSO SIP-PORT ARI-URL SOUND FOLDER

From the first visit to a heard hello-world; then what a person does wrong, and what other web pages try.
Screenshots are left in FOLDER/screenshots.
"""
import asyncio
import base64
import csv
import json
import os
import re
import socket
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
import wave

import jsonschema
import numpy as np
import websockets
from aiohttp import web
from openapi_spec_validator import validate
from playwright.async_api import async_playwright, expect

PASSWORD = "correct-horse-battery"
USER_PASSWORD = "Zk3v-browser-Wq9n"
SECRET = "Ny4t-browser-Hc7d"
CHROMIUM, CONSOLE, CODE, ARIOSO, SIP_PORT, ARI, SOUND, FOLDER = sys.argv[1:9]
failures = []


def check(condition, text):
    if not condition:
        failures.append(text)
        print("FAILED", text, flush=True)


def ask(path, login="peer:Qm7w-peer-Zt4x", method="GET"):
    request = urllib.request.Request(
        ARI + path, method=method, headers={"Authorization": "Basic " + base64.b64encode(login.encode()).decode()})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def admin(path, token, method="GET", body=None):
    """A request of a program to the admin interface."""
    request = urllib.request.Request(
        f"{CONSOLE}/api/v1{path}", method=method, data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read() or b"null")


async def eventually(condition, text, seconds=15):
    for _ in range(seconds * 20):
        if condition():
            return
        await asyncio.sleep(0.05)
    check(False, text)


class Walk:
    def __init__(self, page):
        self.page = page

    async def shot(self, name):
        await self.page.screenshot(path=f"{FOLDER}/screenshots/{name}.png", full_page=True)

    async def open(self, path, title):
        await self.page.goto(f"{CONSOLE}/#/{path}")
        await expect(self.page.locator("h1")).to_have_text(title)

    async def save(self, form=None):
        # What was saved before may still be told.
        await self.page.evaluate("document.getElementById('notices').replaceChildren()")
        await (form or self.page).get_by_role("button", name="Save").first.click()
        await expect(self.page.get_by_text("Saved. It is in force.").last).to_be_visible()

    def form(self, text):
        return self.page.locator("form", has_text=text)

    async def first_visit(self):
        await self.page.goto(CONSOLE)
        await self.shot("01-first-visit")
        await self.page.get_by_label("Code").fill("AAAA-AAAA")
        await self.page.get_by_label("Password").fill(PASSWORD)
        await self.page.get_by_role("button", name="Set password").click()
        await expect(self.page.get_by_role("alert")).to_contain_text("The code is not right")
        await self.page.get_by_label("Code").fill(CODE.lower())
        await self.page.get_by_role("button", name="Set password").click()
        await expect(self.page.locator("h1")).to_have_text("Home")
        await self.shot("02-home")

    async def switch_ari(self):
        await self.open("settings/ari", "General Settings")
        form = self.form("Use ARI Interface")
        await expect(form.get_by_role("button", name="Save")).to_be_disabled()
        await form.get_by_label("Use ARI Interface").uncheck()
        await self.save(form)
        await eventually(lambda: ask("/asterisk/ping")[0] == 404, "ARI switched off answers 404")
        check("Use ARI Interface" in ask("/asterisk/ping")[1], "with a hint")
        await form.get_by_label("Use ARI Interface").check()
        await form.get_by_label("CORS allowed origins").fill("https://Wrong.example/page")
        await expect(form.get_by_text("is not a valid origin")).to_be_visible()
        await self.shot("03-wrong-origin")
        await form.get_by_role("button", name="Save").click()
        await expect(form.get_by_label("CORS allowed origins")).to_have_value("https://Wrong.example/page")
        check(ask("/asterisk/ping")[0] == 404, "what is wrong is not saved")
        await form.get_by_label("CORS allowed origins").fill("http://127.0.0.1:1\nhttp://localhost:2")
        await self.save(form)
        await eventually(lambda: ask("/asterisk/ping")[0] == 200, "ARI switched on again")

    async def add_listener(self):
        await self.open("settings/sip", "General Settings")
        form = self.form("Add listener")
        rows = await form.locator(".row-of").count()
        await form.get_by_role("button", name="Add listener").click()
        await form.get_by_label("Transport").last.select_option("tcp")
        await form.get_by_label("Address").last.fill("nowhere")
        await form.get_by_label("Port").last.fill("0")
        await expect(form.get_by_text(f"Row {rows + 1}: host is")).to_be_visible()
        await form.get_by_label("Address").last.fill("127.0.0.1")
        await self.save(form)
        await self.shot("03-listeners")
        await form.get_by_role("button", name="Remove").last.click()
        await self.save(form)
        check(await form.locator(".row-of").count() == rows, "the listener is removed again")

    async def add_user(self):
        await self.open("ari-users", "ARI Access")
        await self.page.get_by_role("link", name="Add User").first.click()
        password = self.page.get_by_label("Password", exact=True)
        check(len(await password.input_value()) == 32, "a generated password of 32 characters")
        await self.page.get_by_label("Username").fill("peer")
        await expect(self.page.get_by_text("as in ari.users[0]")).to_be_visible()
        await self.page.get_by_label("Username").fill("browser")
        await password.fill("password")
        await expect(self.page.get_by_text("Easy to guess. It is accepted")).to_be_visible()
        await password.fill(USER_PASSWORD)
        await self.page.get_by_label("Applications").fill("hello-world")
        await self.shot("04-add-user")
        await self.save()
        await expect(self.page.locator("h1")).to_have_text("ARI user browser")
        await eventually(lambda: ask("/applications", f"browser:{USER_PASSWORD}")[0] == 200, "the new user may log in")
        await self.page.get_by_role("link", name="Back").click()
        await expect(self.page.locator("tr", has_text="browser")).to_contain_text("hello-world")
        await self.shot("05-users")

    async def add_extension(self):
        await self.open("extensions/:new", "Add Extension")
        await self.page.get_by_label("Number", exact=True).fill("777")
        await self.page.get_by_label("Secret", exact=True).fill(SECRET)
        await self.save()
        await expect(self.page.locator("h1")).to_have_text("Extension 777")
        await self.shot("06-extension")

    async def add_application(self):
        await self.open("dialplan-applications/:new", "Add Dialplan Application")
        await self.page.get_by_label("Number", exact=True).fill("2000")
        await self.page.get_by_label("Name").fill("Hello World")
        await self.page.get_by_label("Code").fill("1,Answer()\nn,Stasis(hello-world\nn,Hangup()")
        await expect(self.page.get_by_text("Line 2 is")).to_be_visible()
        await self.shot("07-wrong-code")
        await self.page.get_by_label("Code").fill("1,Answer()\nn,Stasis(hello-world)\nn,Hangup()")
        await self.save()
        await expect(self.page.locator("h1")).to_have_text("Dialplan application 2000")

    async def hello_world(self):
        login = f"browser:{USER_PASSWORD}"
        heard = f"{FOLDER}/heard.wav"
        uri = f"ws://{login}@{ARI.split('://')[1]}/events?app=hello-world"
        async with websockets.connect(uri) as socket:
            await self.open("live", "Live")
            await expect(self.page.get_by_text("Connected", exact=True)).to_be_visible()
            call = await asyncio.create_subprocess_exec(
                ARIOSO, "call", "2000", "--server", f"127.0.0.1:{SIP_PORT}", "--user", "777", "--password", SECRET, "--record", heard,
                stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT)
            channel = (await self.event(socket, "StasisStart"))["channel"]["id"]
            check(ask(f"/channels/{channel}/play?media=sound:{SOUND}", login, "POST")[0] == 201, "the sound is played")
            await self.event(socket, "PlaybackFinished")
            check(ask(f"/channels/{channel}/record?name=browser/hello&format=wav", login, "POST")[0] == 201, "the call is recorded")
            await self.event(socket, "RecordingStarted")
            row = self.page.locator("tr", has_text=channel)
            await expect(row).to_contain_text("Up")
            await expect(self.page.locator(".events li", has_text="PlaybackFinished").first).to_be_visible()
            await self.page.get_by_label("Show only events with").fill("PlaybackStarted")
            await self.page.locator(".events li:not(.hidden) button").first.click()
            await expect(self.page.locator(".events pre")).to_contain_text('"media_uri"')
            await self.shot("08-live")
            await row.get_by_role("button", name="Hang up").click()
            await row.get_by_role("button", name="Hang up?").click()
            await self.event(socket, "StasisEnd")
            await call.communicate()
        check(resembles(heard, f"{SOUND}.wav") > 0.7, "the caller hears the sound")

    async def route_calls(self):
        """A provider that is this machine, a route from it, and a call that comes in."""
        await self.open("providers/:new", "Add Provider")
        await self.page.get_by_label("Name", exact=True).fill("network")
        await self.page.get_by_label("Registration", exact=True).select_option("none")
        await self.page.get_by_label("Secret", exact=True).fill("")
        await self.page.get_by_role("button", name="Save").click()
        await expect(self.page.get_by_text("Write the provider's host name or address.")).to_be_visible()
        await self.shot("10-provider-without-host")
        await self.page.get_by_label("Host", exact=True).fill("127.0.0.1")
        await self.save()
        await self.open("incoming-routes/:new", "Add Incoming Route")
        await self.page.get_by_label("Name", exact=True).fill("Hello")
        await self.page.get_by_label("Provider").select_option("network")
        await self.page.get_by_label("Number that is called").fill("49301000")
        await self.page.get_by_label("Extension or dialplan application").fill("2000")
        await self.shot("11-incoming-route")
        await self.save()
        await self.open("incoming-routes/:new", "Add Incoming Route")
        await self.page.get_by_label("Name", exact=True).fill("Everything")
        await self.page.get_by_label("Extension or dialplan application").fill("777")
        await self.save()
        await self.open("incoming-routes", "Incoming Routes")
        rows = self.page.locator("tbody tr")
        await expect(rows).to_have_count(2)
        await self.page.get_by_role("button", name="Move up Everything").click()
        await expect(rows.first).to_contain_text("Everything")
        await self.page.get_by_role("button", name="Move down Everything").click()
        await expect(rows.first).to_contain_text("Hello")
        await self.shot("12-incoming-routes")
        await self.open("outgoing-routes/:new", "Add Outgoing Route")
        await self.page.get_by_label("Name", exact=True).fill("National")
        await self.page.get_by_label("Number that is dialled").fill("0X.")
        await self.page.get_by_role("button", name="Save").click()
        await expect(self.page.get_by_text("Name at least one provider.")).to_be_visible()
        await self.page.get_by_label("network").check()
        await self.save()
        await self.shot("13-outgoing-route")
        await self.open("providers", "Providers")
        await self.shot("14-providers")
        login = f"browser:{USER_PASSWORD}"
        heard = f"{FOLDER}/incoming.wav"
        async with websockets.connect(f"ws://{login}@{ARI.split('://')[1]}/events?app=hello-world") as socket:
            call = await asyncio.create_subprocess_exec(
                ARIOSO, "call", "49301000", "--server", f"127.0.0.1:{SIP_PORT}", "--user", "0441234", "--record", heard,
                stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT)
            channel = (await self.event(socket, "StasisStart"))["channel"]
            check(channel["caller"]["number"] == "0441234", f"the caller's number is known: {channel['caller']}")
            ask(f"/channels/{channel['id']}/play?media=sound:{SOUND}", login, "POST")
            await self.event(socket, "PlaybackFinished")
            ask(f"/channels/{channel['id']}", login, "DELETE")
            await call.communicate()
        check(resembles(heard, f"{SOUND}.wav") > 0.7, "who calls through the route hears the sound")
        # From here on, calls of this machine are a phone's again.
        await self.open("outgoing-routes", "Outgoing Routes")
        for name in ("outgoing-routes", "incoming-routes", "incoming-routes", "providers"):
            await self.page.goto(f"{CONSOLE}/#/{name}")
            row = self.page.locator("tbody tr").first
            await row.get_by_role("button", name="Delete").click()
            await row.get_by_role("button", name="Delete").click()
            await expect(self.page.get_by_text("deleted.").last).to_be_visible()

    async def event(self, socket, kind):
        while True:
            event = json.loads(await asyncio.wait_for(socket.recv(), 20))
            if event["type"] == kind:
                return event

    async def look_back(self):
        """The calls that were made, found again, and as a table."""
        await self.open("history", "Call History")
        row = self.page.locator("tbody tr", has_text="777")
        await expect(row.first).to_contain_text("answered")
        await expect(row.first).to_contain_text("hello-world")
        await self.shot("15-history")
        await self.page.get_by_label("Search calls").fill("nobody-has-this-number")
        await expect(self.page.get_by_text("No call fits.")).to_be_visible()
        await self.page.get_by_label("Search calls").fill("hello")
        await row.first.get_by_role("link").click()
        await expect(self.page.get_by_text("enters application")).to_be_visible()
        await expect(self.page.locator("tr", has_text="plays")).to_contain_text(f"sound:{SOUND}")
        await self.shot("16-call")
        await self.page.get_by_role("link", name="Back").click()
        await expect(self.page.get_by_label("Search calls")).to_have_value("hello")
        async with self.page.expect_download() as download:
            await self.page.get_by_role("link", name="Export CSV").click()
        with open(await (await download.value).path(), newline="") as file:
            calls = list(csv.DictReader(file))
        check(any(call["caller number"] == "777" and call["result"] == "ANSWERED" for call in calls), f"the table has the call: {calls}")

    async def make_sounds(self):
        """A sound from a file, one spoken by telephone, and a recording of a call."""
        await self.open("sounds", "Sound Files")
        await expect(self.page.get_by_text("No own sounds yet.")).to_be_visible()
        await self.page.get_by_role("button", name="Add file").click()
        await expect(self.page.get_by_text("Give the sound a name.")).to_be_visible()
        broken = f"{FOLDER}/broken.mp3"
        with open(broken, "wb") as file:
            file.write(b"this is no sound")
        await self.page.get_by_label("From a file").set_input_files(broken)
        await self.page.get_by_role("button", name="Add file").click()
        await expect(self.page.get_by_text("The file can't be read as a sound")).to_be_visible()
        flac = f"{FOLDER}/My Greeting.flac"
        subprocess.run(["sox", f"{SOUND}.wav", flac], check=True)
        await self.page.get_by_label("Name").fill("")
        await self.page.get_by_label("From a file").set_input_files(flac)
        await expect(self.page.get_by_label("Name")).to_have_value("my-greeting")
        await self.page.get_by_role("button", name="Add file").click()
        own = self.page.locator("tr", has_text="my-greeting")
        await expect(own).to_contain_text("sound:my-greeting")
        await self.open("dialplan-applications/:new", "Add Dialplan Application")
        await self.page.get_by_label("Number", exact=True).fill("2001")
        await self.page.get_by_label("Code").fill("Answer()\nWait(2)\nPlayback(my-greeting)\nWait(1)\nHangup()")
        await self.save()
        await self.open("sounds", "Sound Files")
        await self.page.get_by_label("Name").fill("custom/spoken")
        await self.page.get_by_label("By phone").fill("2001")
        await self.page.get_by_role("button", name="Call and record").click()
        await expect(self.page.get_by_text("speak after the beep")).to_be_visible()
        await expect(self.page.locator("tr", has_text="custom/spoken")).to_be_visible(timeout=20_000)
        await self.page.get_by_role("button", name="Listen to custom/spoken").click()
        await expect(self.page.locator("audio")).to_be_visible()
        await self.shot("17-sounds")
        for name in ("my-greeting", "custom/spoken"):
            answer = await self.page.request.get(f"{CONSOLE}/api/v1/sounds/en/{urllib.parse.quote(name, safe='')}/audio")
            with open(f"{FOLDER}/listened.wav", "wb") as file:
                file.write(await answer.body())
            check(resembles(f"{FOLDER}/listened.wav", f"{SOUND}.wav") > 0.7, f"{name} sounds as it should")
        await own.get_by_role("button", name="Delete").click()
        await own.get_by_role("button", name="Delete").click()
        await expect(own).to_have_count(0)
        await self.open("recordings", "Recordings")
        row = self.page.locator("tr", has_text="browser/hello")
        await row.get_by_role("button", name="Listen").click()
        await expect(self.page.locator("canvas.waveform")).to_be_visible()
        await self.shot("18-recordings")
        async with self.page.expect_download() as download:
            await row.get_by_role("link", name="Download").click()
        with wave.open(str(await (await download.value).path())) as file:
            check(file.getframerate() == 8000 and file.getnframes() > 0, f"the recording is downloaded: {file.getparams()}")
        await row.get_by_role("button", name="Delete").click()
        await row.get_by_role("button", name="Delete").click()
        await expect(self.page.get_by_text("No recordings yet.")).to_be_visible()

    async def explore(self):
        await self.open("explorer", "ARI Explorer")
        await self.page.get_by_label("Search operations").fill("post /bridges")
        await self.page.get_by_role("button", name="POST /bridges", exact=True).click()
        await self.page.get_by_label("name", exact=True).fill("lounge")
        await self.page.get_by_role("button", name="Send", exact=True).click()
        await expect(self.page.get_by_role("heading", name="Answer 200")).to_be_visible()
        await expect(self.page.locator(".events", has_text="BridgeCreated")).to_be_visible()
        await self.shot("09-explorer")
        check(any(bridge["name"] == "lounge" for bridge in json.loads(ask("/bridges")[1])), "the explorer makes a real bridge")

    async def use_softphone(self):
        await self.open("softphone", "Softphone")
        await expect(self.page.get_by_text("Ready")).to_be_visible()
        await self.shot("17-softphone")
        for digit in "1001":
            await self.page.get_by_role("button", name=digit, exact=True).click()
        await self.page.get_by_role("button", name="Call", exact=True).click()
        await expect(self.page.get_by_role("region", name="Call with 1001").get_by_text(re.compile(r"^\d+:\d\d$"))).to_be_visible()
        await self.shot("17-softphone-call")
        # The other side hangs up.
        await expect(self.page.get_by_role("button", name="Hang up")).to_have_count(0)
        await self.open("", "Home")

    async def make_token(self):
        """What a program may do with a token, and what its description says."""
        await self.open("settings/security", "General Settings")
        await self.page.get_by_label("Name of a new token").fill("deployment")
        await self.page.get_by_role("button", name="Make token").click()
        token = await self.page.locator("section", has_text="Copy it now").locator("pre").inner_text()
        check(admin("/extensions", token)[0] == 200, "a program with a token reads extensions")
        check(admin("/extensions", "wrong")[0] == 401, "another token is refused")
        status, answer = admin("/extensions", token, "POST", {"number": "778", "secret": SECRET, "codecs": ["speex"]})
        check(status == 422 and answer["problems"][0]["path"] == "codecs[0]", f"what is wrong is told with its place: {status} {answer}")
        status, answer = admin("/settings/identity", token, "PATCH", {"systemName": "pbx"})
        check(status == 200 and answer["value"]["systemName"] == "pbx", f"a setting is changed: {status} {answer}")
        description = admin("/openapi.json", token)[1]
        validate(description)
        for path, item in description["paths"].items():
            for method, operation in item.items():
                if method != "get" or "{" in path or path in ("/events", "/calls.csv"):
                    continue
                status, answer = admin(path, token)
                schema = operation["responses"]["200"].get("content", {}).get("application/json", {}).get("schema")
                if status != 200:
                    check(False, f"{path}: {status}")
                elif schema:
                    whole = {**schema, "components": description["components"]}
                    faults = [fault.message for fault in jsonschema.Draft202012Validator(whole).iter_errors(answer)]
                    check(not faults, f"{path} is not as described: {faults[:3]}")

    async def send_certificate(self):
        await self.open("settings/certificate", "General Settings")
        for name in ("one", "two"):
            subprocess.run(
                ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30", "-subj",
                 f"/CN={name}.example", "-keyout", f"{FOLDER}/{name}.key", "-out", f"{FOLDER}/{name}.crt"], check=True, capture_output=True)
        await self.page.get_by_label("File for: sent-certificate").set_input_files(f"{FOLDER}/one.crt")
        await self.page.get_by_label("File for: sent-key").set_input_files(f"{FOLDER}/two.key")
        await self.page.get_by_role("button", name="Use this certificate").click()
        await expect(self.page.get_by_text("It is not that of the certificate.")).to_be_visible()
        await self.page.get_by_label("File for: sent-key").set_input_files(f"{FOLDER}/one.key")
        await self.page.get_by_role("button", name="Use this certificate").click()
        await expect(self.page.get_by_text("The certificate is in force.")).to_be_visible()
        print_of = subprocess.run(
            ["openssl", "x509", "-in", f"{FOLDER}/one.crt", "-noout", "-fingerprint", "-sha256"], check=True, capture_output=True, text=True)
        await expect(self.page.get_by_text(print_of.stdout.split("=")[1].strip())).to_be_visible()
        await self.shot("19-certificate")
        await self.page.get_by_role("button", name="Back to the self-signed one").click()
        await self.page.get_by_role("button", name="Back to the self-signed one?").click()
        await expect(self.page.locator("section", has_text="In force")).to_contain_text("self-signed")

    async def add_manager(self):
        await self.open("ami-managers", "AMI Access")
        await expect(self.page.get_by_text("No managers have been created yet.")).to_be_visible()
        await self.page.get_by_role("link", name="Add Manager").first.click()
        await self.page.get_by_label("Name", exact=True).fill("wallboard")
        secret = await self.page.get_by_label("Secret", exact=True).input_value()
        check(len(secret) == 32, "a generated secret of 32 characters")
        await self.page.get_by_role("group", name="Actions that it may use").get_by_label("Reports").check()
        await self.shot("20-manager")
        await self.save()
        await self.open("settings/ari", "General Settings")
        form = self.form("Use AMI Interface")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        await form.get_by_label("Use AMI Interface").check()
        await form.get_by_label("AMI port", exact=True).fill(str(port))
        await self.save(form)
        await self.shot("20-ami")
        with socket.create_connection(("127.0.0.1", port), 10) as manager:
            manager.sendall(f"Action: Login\r\nUsername: wallboard\r\nSecret: {secret}\r\n\r\nAction: CoreStatus\r\n\r\n".encode())
            said = b""
            while b"CoreCurrentCalls" not in said:
                said += manager.recv(4096)
            check(b"Authentication accepted" in said, "the manager logs in")
            await form.get_by_label("Use AMI Interface").uncheck()
            await self.save(form)
            check(manager.recv(4096) == b"", "AMI switched off, nobody stays")
        try:
            socket.create_connection(("127.0.0.1", port), 2).close()
            check(False, "AMI switched off does not listen")
        except ConnectionRefusedError:
            pass

    async def read_log(self):
        await self.open("log", "Log")
        await expect(self.page.get_by_text("the administrator's password was set")).to_be_visible()
        await self.shot("20-log")
        await self.page.get_by_label("Search the log").fill("HTTPS")
        await expect(self.page.get_by_text("the administrator's password was set")).to_have_count(0)
        await self.page.get_by_label("Search the log").fill("event socket opened")
        await expect(self.page.locator("tr", has_text="event socket opened").first).to_contain_text("address=127.0.0.1 applications=hello-world user=browser")
        await self.page.get_by_label("Level").select_option("error")
        await expect(self.page.get_by_text("No line fits.")).to_be_visible()

    async def leave_and_delete(self):
        await self.open("extensions/777", "Extension 777")
        await self.page.get_by_label("Name").fill("Not saved")
        questions = []

        async def stay(dialog):
            await dialog.dismiss()
            questions.append(dialog.message)

        self.page.once("dialog", stay)
        await self.page.get_by_role("link", name="Home").click()
        await eventually(lambda: questions, "one is asked before changes are lost")
        check("not saved" in questions[0], "and told why")
        await expect(self.page.get_by_label("Name")).to_have_value("Not saved")
        self.page.once("dialog", lambda dialog: dialog.accept())
        await self.page.get_by_role("link", name="Extensions").click()
        row = self.page.locator("tr", has_text="777")
        await row.get_by_role("button", name="Delete").click()
        await expect(row.get_by_role("button", name="Delete 777")).to_have_text("Delete?")
        await row.get_by_role("button", name="Delete").click()
        await expect(row).to_have_count(0)

    async def log_out_and_in(self):
        await self.page.get_by_role("button", name="Log out").click()
        await self.page.get_by_label("Password").fill("wrong")
        await self.page.get_by_role("button", name="Log in").click()
        await expect(self.page.get_by_role("alert")).to_contain_text("not right")
        await self.page.get_by_label("Password").fill(PASSWORD)
        await self.page.get_by_role("button", name="Log in").click()
        await expect(self.page.locator("h1")).to_have_text("Extensions")


def resembles(one, other):
    """The largest correlation of a recording with a sound, at any shift."""
    sounds = []
    for path in (one, other):
        with wave.open(path) as file:
            sounds.append(np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(float))
            rate = file.getframerate()
        if rate != 8000:
            sounds[-1] = sounds[-1][:: rate // 8000]
    heard, sound = sounds
    if len(heard) < len(sound):
        heard = np.pad(heard, (0, len(sound) - len(heard)))
    size = len(heard) + len(sound)
    shifted = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(sound, size)), size)[: len(heard)]
    energy = np.convolve(heard**2, np.ones(len(sound)))[len(sound) - 1 :]
    energy = np.pad(energy, (0, max(0, len(shifted) - len(energy))))[: len(shifted)]
    return float(np.max(shifted / np.sqrt(np.maximum(energy, 1) * np.sum(sound**2))))


async def other_origins(browser):
    """Pages of two other origins really try: one that is allowed, one that is not."""
    async def page(request):
        return web.Response(text="<!doctype html><title>other</title>", content_type="text/html")

    application = web.Application()
    application.router.add_get("/", page)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]
    context = await browser.new_context()
    console = await context.new_page()
    await console.goto(CONSOLE)
    await console.get_by_label("Password").fill(PASSWORD)
    await console.get_by_role("button", name="Log in").click()
    await console.goto(f"{CONSOLE}/#/settings/ari")
    form = console.locator("form", has_text="Use ARI Interface")
    await form.get_by_label("CORS allowed origins").fill(f"http://elsewhere.example\nhttp://127.0.0.1:{port}")
    await form.get_by_role("button", name="Save").click()
    await expect(console.get_by_text("It is in force")).to_be_visible()
    login = base64.b64encode(f"browser:{USER_PASSWORD}".encode()).decode()
    attempt = """async ([url, login]) => {
        try {
            const answer = await fetch(url, { headers: { Authorization: `Basic ${login}` } });
            return answer.status;
        } catch (error) { return String(error); }
    }"""
    for host, allowed in (("127.0.0.1", True), ("localhost", False)):
        stranger = await context.new_page()
        await stranger.goto(f"http://{host}:{port}/")

        async def outcome():
            return await stranger.evaluate(attempt, [f"{ARI}/channels", login])

        answer = await outcome()
        for _ in range(40):
            if (answer == 200) == allowed:
                break
            await asyncio.sleep(0.05)
            answer = await outcome()
        check((answer == 200) == allowed, f"a page of {host} gets {answer}")
        # The console's own interface lets no other page do anything.
        answer = await stranger.evaluate(
            """async (url) => { try { return (await fetch(url, { method: "POST", credentials: "include", mode: "no-cors",
                headers: { "Content-Type": "text/plain" }, body: "{}" })).type; } catch (error) { return String(error); } }""",
            f"{CONSOLE}/api/v1/passwords")
        check(answer in ("opaque", "TypeError: Failed to fetch"), f"another page and the console: {answer}")
    await context.close()
    await runner.cleanup()


async def main():
    os.makedirs(f"{FOLDER}/screenshots", exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"])
        context = await browser.new_context(viewport={"width": 1200, "height": 850}, permissions=["microphone"])
        page = await context.new_page()
        page.set_default_timeout(15_000)
        problems, strangers, sizes = [], [], {}
        # A refused value is an answer of 4xx, which the browser notes; anything else is a mistake of ours.
        page.on("console", lambda m: problems.append(m.text) if m.type in ("error", "warning") and "status of 4" not in m.text else None)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("request", lambda request: strangers.append(request.url) if not request.url.startswith((CONSOLE, "data:")) else None)

        async def measure(response):
            if len(sizes) < 20 and response.status == 200 and "/api/" not in response.url:
                sizes[response.url] = len(await response.body())

        page.on("response", measure)
        walk = Walk(page)
        await walk.first_visit()
        check(0 < sum(sizes.values()) < 100_000, f"the first page is small: {sum(sizes.values())} bytes")
        await walk.switch_ari()
        await walk.add_listener()
        await walk.add_user()
        await walk.add_extension()
        await walk.add_application()
        await walk.hello_world()
        await walk.route_calls()
        await walk.look_back()
        await walk.make_sounds()
        await walk.explore()
        await walk.use_softphone()
        await walk.make_token()
        await walk.send_certificate()
        await walk.add_manager()
        await walk.read_log()
        await walk.leave_and_delete()
        await walk.log_out_and_in()
        await other_origins(browser)
        check(not problems, f"no errors in the browser's console: {problems}")
        check(not strangers, f"nothing is loaded from elsewhere: {strangers}")
        await page.set_viewport_size({"width": 400, "height": 800})
        await page.emulate_media(color_scheme="dark")
        narrow = (("", "Home"), ("ari-users", "ARI Access"), ("live", "Live"), ("settings/security", "General Settings"), ("providers/:new", "Add Provider"),
                  ("sounds", "Sound Files"), ("recordings", "Recordings"), ("history", "Call History"), ("outgoing-routes", "Outgoing Routes"),
                  ("softphone", "Softphone"))
        for number, (path, title) in enumerate(narrow):
            await walk.open(path, title)
            wide = await page.evaluate("document.documentElement.scrollWidth > innerWidth")
            check(not wide, f"{title} fits a narrow screen")
            await walk.shot(f"2{number}-narrow-{title}")
        await browser.close()
    print(f"{len(failures)} failures")
    sys.exit(1 if failures else 0)


asyncio.run(main())
