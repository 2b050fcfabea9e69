"""Checks that openapi.json and asyncapi.json say what is served: described.py BASE-URL USER PASSWORD

Both documents are validated; every path is asked for its methods; every answer and every event of a small call is compared with its
schema, and must have no member that the schema does not know.
"""
import asyncio
import json
import sys

import aiohttp
import jsonschema
from openapi_spec_validator import validate

SECONDS = 30
failures = []


def check(condition, text):
    if not condition:
        failures.append(text)


class Schemas:
    def __init__(self, document):
        self.document = document

    def resolve(self, schema):
        while "$ref" in schema:
            target = self.document
            for part in schema["$ref"][2:].split("/"):
                target = target[part]
            schema = target
        return schema

    def names(self, schema):
        schema = self.resolve(schema)
        found = dict(schema.get("properties", {}))
        for part in schema.get("allOf", []):
            found |= self.names(part)
        return found

    def strangers(self, value, schema, place):
        """Members that no schema knows."""
        schema = self.resolve(schema)
        if isinstance(value, list):
            for item in value:
                yield from self.strangers(item, schema.get("items", {}), place + "[]")
        elif isinstance(value, dict):
            known = self.names(schema)
            if not known:
                return
            for name, member in value.items():
                if name in known:
                    yield from self.strangers(member, known[name], f"{place}.{name}")
                else:
                    yield f"{place}.{name}"

    def compare(self, value, schema, place):
        validator = jsonschema.Draft202012Validator({**schema, "components": self.document["components"]})
        for error in validator.iter_errors(value):
            failures.append(f"{place}: {error.json_path}: {error.message}")
        for name in self.strangers(value, schema, place):
            failures.append(f"{name} is not described")


async def check_methods(session, base, document):
    """Each path has exactly the methods that are described."""
    for path, item in document["paths"].items():
        address = "/".join("x" if part.startswith("{") else part for part in path.split("/"))
        async with session.options(base + address) as answer:
            allowed = set(answer.headers.get("Allow", "").replace(" ", "").split(",")) - {"OPTIONS"}
            check(answer.status == 204 and allowed == {method.upper() for method in item}, f"{path}: {answer.status} {allowed}")


async def ask(session, base, api, method, template, values=None, query=None, body=None):
    path = template.format(**(values or {}))
    operation = api.document["paths"][template][method]
    async with session.request(method.upper(), base + path, params=query, json=body) as answer:
        text = await answer.text()
        described = operation["responses"].get(str(answer.status))
        # Local channels have no RTP; no other request here may be refused.
        if answer.status >= 400 and template.endswith("/rtp_statistics"):
            return None
        check(described is not None and answer.status < 300, f"{method} {path}: {answer.status} {text}")
        if not described or not text:
            return None
        if "content" not in described:
            failures.append(f"{method} {path}: {answer.status} {text} is not described")
            return None
        value = json.loads(text)
        api.compare(value, described["content"]["application/json"]["schema"], f"{method} {template}")
        return value


async def small_call(session, base, api):
    """Makes one object of each kind, and reads everything that can be read."""
    request = lambda method, template, **rest: ask(session, base, api, method, template, **rest)
    channel = await request("post", "/channels", query={"endpoint": "Local/1000@internal", "app": "described"})
    await asyncio.sleep(0.5)
    one = {"channelId": channel["id"]}
    bridge = await request("post", "/bridges", query={"type": "mixing", "name": "b"})
    two = {"bridgeId": bridge["id"]}
    await request("post", "/bridges/{bridgeId}/addChannel", values=two, query={"channel": channel["id"]})
    await request("post", "/channels/{channelId}/variable", values=one, query={"variable": "A", "value": "1"})
    await request("post", "/bridges/{bridgeId}/variable", values=two, query={"variable": "A", "value": "1"})
    playback = await request("post", "/bridges/{bridgeId}/play", values=two, query={"media": "tone:ring"})
    await request("get", "/playbacks/{playbackId}", values={"playbackId": playback["id"]})
    recording = {"recordingName": "described"}
    await request("post", "/bridges/{bridgeId}/record", values=two, query={"name": "described", "format": "wav", "ifExists": "overwrite"})
    await request("get", "/recordings/live/{recordingName}", values=recording)
    await request("put", "/deviceStates/{deviceName}", values={"deviceName": "Stasis:d"}, query={"deviceState": "BUSY"})
    await request("put", "/mailboxes/{mailboxName}", values={"mailboxName": "1"}, query={"oldMessages": 1, "newMessages": 2})
    values = {
        **one, **two, **recording, "applicationName": "described", "deviceName": "Stasis:d", "mailboxName": "1", "tech": "PJSIP",
        "resource": "6001", "soundId": "hello-world", "moduleName": "res_ari.so", "playbackId": playback["id"],
        "configClass": "res_pjsip", "objectType": "endpoint", "id": "6001",
    }
    for template, item in api.document["paths"].items():
        operation = item.get("get")
        if not operation or template == "/events" or operation["responses"].get("200", {}).get("content", {}).keys() == {"audio/*"}:
            continue
        query = {p["name"]: "A" for p in operation.get("parameters", []) if p["in"] == "query" and p["required"]}
        await request("get", template, values=values, query=query)
    await request("post", "/recordings/live/{recordingName}/stop", values=recording)
    await request("get", "/recordings/stored/{recordingName}", values=recording)
    await request("delete", "/channels/{channelId}", values=one)
    await request("delete", "/bridges/{bridgeId}", values=two)
    await request("delete", "/recordings/stored/{recordingName}", values=recording)


async def main(base, user, password):
    async with aiohttp.ClientSession(auth=aiohttp.BasicAuth(user, password)) as session:
        async with session.get(base + "/api-docs/openapi.json") as answer:
            api = Schemas(await answer.json())
        async with session.get(base + "/api-docs/asyncapi.json") as answer:
            events = Schemas(await answer.json())
        validate(api.document)
        for name, schema in events.document["components"]["schemas"].items():
            jsonschema.Draft202012Validator.check_schema(schema)
        check(api.document["servers"][0]["url"] == base, "the server's address")
        await check_methods(session, base, api.document)
        seen = set()
        async with session.ws_connect(base + "/events?app=described,hello-world&subscribeAll=true&seq=true") as socket:

            async def listen():
                async for message in socket:
                    event = json.loads(message.data)
                    seen.add(event["type"])
                    payload = events.document["components"]["messages"][event["type"]]["payload"]
                    events.compare(event, payload, event["type"])

            listener = asyncio.create_task(listen())
            await asyncio.wait_for(small_call(session, base, api), SECONDS)
            await socket.send_json({"type": "RESTRequest", "transaction_id": "t", "request_id": "r", "method": "GET", "uri": "asterisk/ping"})
            await asyncio.sleep(0.5)
            listener.cancel()
    for name in ["EventStreamStarted", "StasisStart", "StasisEnd", "ChannelEnteredBridge", "PlaybackStarted", "RecordingFinished", "RESTResponse"]:
        check(name in seen, f"{name} did not come")
    for failure in sorted(set(failures)):
        print(failure)
    print(f"{len(seen)} types of events, {len(api.document['paths'])} paths, {len(set(failures))} failures")
    sys.exit(1 if failures else 0)


asyncio.run(main(*sys.argv[1:]))
