"""Tries every operation as every kind of user: rights.py BASE-URL ACCESS.MD USER PASSWORD

The table in access.md says what is to come out. USER may do everything; the others have the password "Rw5x-other-Kp8d":
mine, other and third are confined to the applications of these names, readmine is mine but read-only, reader may read everything,
off is switched off, away may come from elsewhere only.
"""
import asyncio
import base64
import json
import re
import sys

import aiohttp

PASSWORD = "Rw5x-other-Kp8d"
failures = []
tries = 0


def check(condition, text):
    if not condition:
        failures.append(text)
        print("FAILED", text, flush=True)


def login(user):
    return {"Authorization": "Basic " + base64.b64encode(":".join(user).encode()).decode()}


def table(path):
    rows = re.findall(r"^\| `([A-Z]+) ([^`]+)` \| (\w+) \| (\w+) \| (\w+) \|$", open(path).read(), re.M)
    return {(method, place): cells for method, place, *cells in rows}


class Server:
    def __init__(self, session, base, admin):
        self.session, self.base, self.admin = session, base, admin

    async def ask(self, user, method, path, query=None, body=None):
        global tries
        tries += 1
        async with self.session.request(
            method, self.base + path, params=query, json=body, headers=login(user)
        ) as answer:
            return answer.status, (await answer.read()).decode(errors="replace")

    async def must(self, method, path, query=None, body=None):
        status, text = await self.ask(self.admin, method, path, query, body)
        assert status < 300, f"{method} {path}: {status} {text}"
        return json.loads(text) if text else None


class Fixture:
    """Objects of one application, made anew for each try."""

    count = 0

    def __init__(self, server, app, wanted):
        Fixture.count += 1
        self.server, self.app, self.wanted = server, app, wanted
        mark = f"x{Fixture.count}"
        self.ids = {
            "channelId": f"c-{mark}", "bridgeId": f"b-{mark}", "playbackId": f"p-{mark}", "recordingName": f"r-{mark}",
            "snoopId": f"s-{mark}", "eventName": "hint", "applicationName": app, "tech": "PJSIP", "resource": "6001",
            "soundId": "hello-world", "deviceName": "Stasis:lamp", "mailboxName": "1@default", "moduleName": "res_ari.so",
            "logChannelName": f"log-{mark}", "configClass": "res_pjsip", "objectType": "endpoint", "id": "6001",
        }

    async def __aenter__(self):
        ids, must = self.ids, self.server.must
        if "channel" not in self.wanted:
            return self
        await must("POST", f"/channels/{ids['channelId']}", {"endpoint": "Local/1003@internal", "app": self.app})
        for _ in range(200):
            channel = await must("GET", f"/channels/{ids['channelId']}")
            if channel["dialplan"]["app_name"] == "Stasis":
                break
            await asyncio.sleep(0.01)
        await must("POST", f"/channels/{ids['channelId']}/variable", {"variable": "COLOUR", "value": "blue"})
        if "bridge" in self.wanted:
            await must("POST", f"/bridges/{ids['bridgeId']}")
            await must("POST", f"/bridges/{ids['bridgeId']}/variable", {"variable": "COLOUR", "value": "blue"})
            await must("POST", f"/bridges/{ids['bridgeId']}/addChannel", {"channel": ids["channelId"]})
        if "playback" in self.wanted:
            await must("POST", f"/channels/{ids['channelId']}/play/{ids['playbackId']}", {"media": "tone:ring"})
        if "recording" in self.wanted or "stored" in self.wanted:
            await must("POST", f"/channels/{ids['channelId']}/record", {"name": ids["recordingName"], "format": "wav"})
            for _ in range(200):
                if (await must("GET", f"/recordings/live/{ids['recordingName']}"))["state"] == "recording":
                    break
                await asyncio.sleep(0.01)
        if "stored" in self.wanted:
            await must("POST", f"/recordings/live/{ids['recordingName']}/stop")
            for _ in range(200):
                status, _ = await self.server.ask(self.server.admin, "GET", f"/recordings/stored/{ids['recordingName']}")
                if status == 200:
                    break
                await asyncio.sleep(0.01)
        return self

    async def __aexit__(self, *_):
        if "channel" in self.wanted:
            for path in (f"/channels/{self.ids['channelId']}", f"/bridges/{self.ids['bridgeId']}"):
                await self.server.ask(self.server.admin, "DELETE", path)


def wanted(path):
    kinds = {"{channelId}": "channel", "{bridgeId}": "bridge", "{playbackId}": "playback"}
    found = {kind for name, kind in kinds.items() if name in path and not path.endswith(("/play/{playbackId}", "/snoop/{snoopId}"))}
    if path.startswith("/recordings/live"):
        found.add("recording")
    if path.startswith("/recordings/stored/"):
        found.add("stored")
    if path.endswith(("/play/{playbackId}", "/snoop/{snoopId}")):
        found.add("bridge" if path.startswith("/bridges") else "channel")
    return found | ({"channel"} if found else set())


def request(method, path, ids, app):
    """What is sent along, so that the operation has all that it needs."""
    last = path.rsplit("/", 1)[-1]
    query = {}
    if method == "POST" and path in ("/channels", "/channels/create", "/channels/{channelId}"):
        query = {"endpoint": "Local/1003@internal", "app": app}
        if path == "/channels/{channelId}":
            ids = dict(ids, channelId=ids["channelId"] + "-new")
    elif path == "/channels/externalMedia":
        query = {"app": app, "external_host": "127.0.0.1:9", "format": "ulaw"}
    elif path == "/events":
        query = {"app": app}
    elif path == "/events/user/{eventName}":
        query = {"application": app}
    elif path == "/events/claim":
        query = {"application": app, "channelId": "none"}
    elif last in ("variable", "variables"):
        query = {"variable": "COLOUR", "value": "red", "variables": "COLOUR"}
    elif "snoop" in path:
        query = {"spy": "in", "app": app}
    elif last == "move":
        query = {"app": app}
    elif last == "redirect":
        query = {"endpoint": "Local/1003@internal"}
    elif last == "dtmf":
        query = {"dtmf": "1"}
    elif last == "mute":
        query = {"direction": "both"}
    elif "/play" in path and "{playbackId}/control" not in path:
        query = {"media": "tone:ring"}
    elif last == "record":
        query = {"name": ids["recordingName"] + "-more", "format": "wav"}
    elif last == "control":
        query = {"operation": "restart"}
    elif last == "copy":
        query = {"destinationRecordingName": ids["recordingName"] + "-copy"}
    elif last in ("addChannel", "removeChannel"):
        query = {"channel": ids["channelId"]}
    elif last == "subscription":
        query = {"eventSource": "deviceState:Stasis:lamp"}
    elif path.startswith("/deviceStates/") and method == "PUT":
        query = {"deviceState": "BUSY"}
    elif path.startswith("/mailboxes/") and method == "PUT":
        query = {"oldMessages": 1, "newMessages": 1}
    elif last == "sendMessage":
        query = {"to": "pjsip:6001", "from": "me", "body": "hello"}
    elif last == "refer":
        query = {"to": "pjsip:6001", "from": "me", "refer_to": "1003"}
    elif path == "/bridges/{bridgeId}" and method == "POST":
        ids = dict(ids, bridgeId=ids["bridgeId"] + "-new")
    elif last == "transfer_progress":
        query = {"states": "channel_answered"}
    body = {"variables": {"COLOUR": "red"}} if last == "variables" and method == "POST" else None
    return path.format(**ids), query, body


def plain(answer, ids):
    status, text = answer
    for value in sorted(ids.values(), key=len, reverse=True):
        text = text.replace(value, "…")
    return status, text


async def outcome(server, user, method, path, app, exists=True):
    kinds = wanted(path)
    async with Fixture(server, "mine", kinds) as fixture:
        ids = dict(fixture.ids)
        if not exists:
            kept = {"channelId"} if path.startswith("/bridges") else set()
            missing = {"channelId", "bridgeId", "playbackId", "recordingName"} - kept
            ids = {name: value + "-none" if name in missing else value for name, value in ids.items()}
        place, query, body = request(method, path, ids, app)
        return plain(await server.ask(user, method, place, query, body), ids)


async def try_operation(server, method, path, cells):
    name = f"{method} {path}"
    users = {"admin": server.admin} | {user: (user, PASSWORD) for user in ("mine", "other", "reader", "readmine", "off", "away")}
    usual = await outcome(server, users["admin"], method, path, "mine")
    check(usual[0] not in (401, 403) or "Unsupported channel type" in usual[1], f"{name}: the user of everything gets {usual}")
    absent = await outcome(server, users["admin"], method, path, "mine", exists=False)
    for user, cell in (("mine", cells[1]), ("other", cells[2])):
        answer = await outcome(server, users[user], method, path, user)
        if cell == "403":
            check(answer[0] == 403, f"{name} by {user}: {answer}, not 403")
        elif cell == "absent":
            check(answer == absent, f"{name} by {user}: {answer}, not {absent}")
        else:
            check(answer[0] == usual[0], f"{name} by {user}: {answer}, not {usual[0]}")
    place, query, body = request(method, path, Fixture(server, "mine", set()).ids, "mine")
    if "mine" in list(query.values()) and path != "/events":
        answer = await server.ask(users["other"], method, place, query, body)
        check(answer[0] == 403, f"{name} by other for mine: {answer}")
    if method == "GET":
        answer = await outcome(server, users["reader"], method, path, "mine")
        check(answer[0] == usual[0], f"{name} by reader: {answer}, not {usual[0]}")
        answer = await outcome(server, users["readmine"], method, path, "mine")
        check(answer[0] == (403 if cells[1] == "403" else usual[0]), f"{name} by readmine: {answer}")
    else:
        for user in ("reader", "readmine"):
            check((await server.ask(users[user], method, place, query, body))[0] == 403, f"{name} by {user}")
    check((await server.ask(users["off"], method, place, query, body))[0] == 401, f"{name} by off")
    check((await server.ask(users["away"], method, place, query, body))[0] == 403, f"{name} by away")


async def try_lists(server):
    mine, other = ("mine", PASSWORD), ("other", PASSWORD)
    async with Fixture(server, "mine", {"channel", "bridge"}) as one, Fixture(server, "mine", {"channel", "stored"}) as two:
        for path, field, value in (
            ("/channels", "id", one.ids["channelId"]), ("/bridges", "id", one.ids["bridgeId"]),
            ("/recordings/stored", "name", two.ids["recordingName"]), ("/applications", "name", "mine"),
        ):
            for user, sees in ((server.admin, True), (mine, True), (other, False)):
                listed = [item[field] for item in json.loads((await server.ask(user, "GET", path))[1])]
                check((value in listed) == sees, f"{path} by {user[0]}: {listed}")
        # A name that another's recording has.
        status, text = await server.ask(
            other, "POST", f"/channels/{one.ids['channelId']}/record", {"name": two.ids["recordingName"], "format": "wav"})
        check(status == 404, f"recording another's channel: {status} {text}")


async def try_overwriting(server):
    async with Fixture(server, "mine", {"channel", "stored"}) as theirs, Fixture(server, "other", {"channel"}) as own:
        for existing in ("overwrite", "append", "fail"):
            status, text = await server.ask(
                ("other", PASSWORD), "POST", f"/channels/{own.ids['channelId']}/record",
                {"name": theirs.ids["recordingName"], "format": "wav", "ifExists": existing})
            check(status == 409, f"ifExists={existing} over another's recording: {status} {text}")


async def events_of(session, base, user, app, everything):
    socket = await session.ws_connect(
        f"{base}/events?app={app}" + ("&subscribeAll=true" if everything else ""), headers=login(user))
    events = []

    async def listen():
        async for message in socket:
            events.append(json.loads(message.data))

    return socket, events, asyncio.create_task(listen())


async def try_events(server, session):
    """With subscribeAll a confined user hears of its own channels only."""
    socket, events, task = await events_of(session, server.base, ("third", PASSWORD), "third", True)
    status, _ = await server.ask(("third", PASSWORD), "POST", "/applications/third/subscription", {"eventSource": "channel:,bridge:,endpoint:Local"})
    async with Fixture(server, "mine", {"channel", "bridge"}) as theirs:
        status, text = await server.ask(
            ("third", PASSWORD), "POST", "/applications/third/subscription", {"eventSource": f"channel:{theirs.ids['channelId']}"})
        check(status == 422, f"subscribing to another's channel: {status} {text}")
        await server.must("POST", "/asterisk/variable", {"variable": "SECRET", "value": "1"})
    async with Fixture(server, "third", {"channel", "bridge"}) as own:
        pass
    await server.must("PUT", "/deviceStates/Stasis:lamp", {"deviceState": "INUSE"})
    for _ in range(200):
        if any(event["type"] == "DeviceStateChanged" for event in events):
            break
        await asyncio.sleep(0.01)
    text = json.dumps(events)
    check("DeviceStateChanged" in text, "the states of devices are heard")
    check(own.ids["channelId"] in text and own.ids["bridgeId"] in text, "one's own channel and bridge are heard")
    check(theirs.ids["channelId"] not in text and theirs.ids["bridgeId"] not in text, "another's channel and bridge are not heard")
    check("SECRET" not in text, "global variables are not heard")
    await socket.close()
    await task


async def try_sockets(server, session):
    for user, app, status in (("mine", "other", 403), ("off", "mine", 401), ("away", "mine", 403), ("mine", "mine,other", 403)):
        try:
            await session.ws_connect(f"{server.base}/events?app={app}", headers=login((user, PASSWORD)))
            check(False, f"{user} opened {app}")
        except aiohttp.WSServerHandshakeError as error:
            check(error.status == status, f"{user} opening {app}: {error.status}")


async def try_over_websocket(server, session):
    """The same rights hold for requests over a WebSocket."""
    socket = await session.ws_connect(f"{server.base}/events?app=other", headers=login(("other", PASSWORD)))
    async with Fixture(server, "mine", {"channel"}) as theirs:
        for method, uri, status in (
            ("GET", f"channels/{theirs.ids['channelId']}", 404), ("DELETE", f"channels/{theirs.ids['channelId']}", 404),
            ("POST", "channels?endpoint=Local/1003@internal&app=mine", 403), ("GET", "asterisk/modules", 403), ("GET", "channels", 200),
            ("POST", "channels?endpoint=Local/1003@internal&extension=1003&context=internal", 403),
        ):
            await socket.send_json({"type": "RESTRequest", "transaction_id": "t", "request_id": "r", "method": method, "uri": uri})
            while True:
                message = json.loads((await socket.receive(timeout=10)).data)
                if message["type"] == "RESTResponse":
                    break
            check(message["status_code"] == status, f"{method} {uri} over the WebSocket: {message}")
            check(theirs.ids["channelId"] not in message.get("message_body", ""), f"{method} {uri} tells of another's channel")
    await socket.close()


async def main():
    base, document, *admin = sys.argv[1:5]
    rows = table(document)
    async with aiohttp.ClientSession() as session:
        server = Server(session, base, tuple(admin))
        described = json.loads((await server.ask(server.admin, "GET", "/api-docs/openapi.json"))[1])
        operations = {(method.upper(), path) for path, item in described["paths"].items() for method in item}
        check(operations == set(rows), f"the table lacks {operations - set(rows)} and has {set(rows) - operations} too many")
        sockets = [await session.ws_connect(f"{base}/events?app={app}", headers=login(admin)) for app in ("mine", "other")]
        tasks = [asyncio.create_task(drain(socket)) for socket in sockets]
        await server.must("PUT", "/mailboxes/1@default", {"oldMessages": 0, "newMessages": 0})
        for (method, path), cells in sorted(rows.items()):
            await try_operation(server, method, path, cells)
        await try_lists(server)
        await try_overwriting(server)
        await try_sockets(server, session)
        for socket in sockets:
            await socket.close()
        await asyncio.gather(*tasks)
        mine = await session.ws_connect(f"{base}/events?app=mine", headers=login(admin))
        task = asyncio.create_task(drain(mine))
        await try_events(server, session)
        await try_over_websocket(server, session)
        await mine.close()
        await task
    print(f"{tries} requests, {len(rows)} operations, {len(failures)} failures")
    sys.exit(1 if failures else 0)


async def drain(socket):
    async for _ in socket:
        pass


asyncio.run(main())
