"""Drives the manager interface: managers.py PORT HTTP-PORT SIP-PORT ARIOSO NAME SECRET READER READER-SECRET ARI-LOGIN PHONE PHONE-SECRET
TLS-PORT DOCUMENT

Raw sockets for what is wrong and for the order of events, panoramisk for what programs do.
"""
import asyncio
import base64
import hashlib
import json
import re
import socket
import ssl
import subprocess
import sys
import time

import websockets
from panoramisk import Manager

PORT, HTTP, SIP = int(sys.argv[1]), sys.argv[2], sys.argv[3]
ARIOSO, NAME, SECRET, READER, READER_SECRET, LOGIN, PHONE, PHONE_SECRET = sys.argv[4:12]
TLS_PORT, DOCUMENT = int(sys.argv[12]), sys.argv[13]


def check(condition, text):
    print("ok " if condition else "FAILED ", text, flush=True)
    if not condition:
        sys.exit(1)


class Raw:
    """A connection with nothing between the test and the bytes."""

    def __init__(self, takes=None):
        self.socket = socket.socket()
        self.socket.settimeout(10)
        # What the system keeps for somebody who does not read.
        if takes:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, takes)
        self.socket.connect(("127.0.0.1", PORT))
        self.file = self.socket.makefile("rb")
        self.banner = self.line()

    def line(self):
        line = self.file.readline()
        return line.removesuffix(b"\r\n").decode() if line else None

    def message(self):
        fields = []
        while line := self.line():
            fields.append(tuple(line.split(": ", 1)) if ": " in line else (line.rstrip(":"), ""))
        return fields if fields or line is not None else None

    def send(self, **fields):
        self.socket.sendall("".join(f"{name}: {value}\r\n" for name, value in fields.items()).encode() + b"\r\n")

    def ask(self, **fields):
        """The answer to an action, and the events that came before it."""
        self.send(**fields)
        events = []
        while True:
            message = dict(self.message())
            if "Response" in message and "Event" not in message:
                return message, events
            events.append(message)

    def login(self, name=NAME, secret=SECRET, **more):
        return self.ask(Action="Login", Username=name, Secret=secret, **more)[0]

    def until(self, condition, seconds=10):
        """Messages up to the first that fits."""
        messages, end = [], time.time() + seconds
        while time.time() < end:
            messages.append(dict(self.message()))
            if condition(messages[-1]):
                return messages
        check(False, f"an event came in time: {[one.get('Event') for one in messages]}")

    def ended(self):
        self.socket.settimeout(5)
        try:
            while self.file.read1(65536):
                pass
            return True
        except TimeoutError:
            return False
        except OSError:
            return True


def logging_in():
    raw = Raw()
    check(re.match(r"Asterisk Call Manager/\d", raw.banner), "the banner tells what this is")
    check(raw.ask(Action="Ping")[0] == {"Response": "Error", "Message": "Permission denied"}, "before the log-in nothing is allowed")
    answer = raw.login(secret="wrong", ActionID="a1")
    check(answer["Message"] == "Authentication failed" and answer["ActionID"] == "a1" and raw.ended(), "a wrong secret ends the session")
    check(Raw().login("nobody")["Message"] == "Authentication failed", "as does an unknown name, in the same words")
    raw = Raw()
    challenge = raw.ask(Action="Challenge", AuthType="MD5")[0]["Challenge"]
    key = hashlib.md5((challenge + SECRET).encode()).hexdigest()
    answer = raw.ask(Action="Login", AuthType="MD5", Username=NAME, Key=key, Events="off")[0]
    check(answer == {"Response": "Success", "Message": "Authentication accepted"}, "a challenge can be answered")
    check("Ping" in raw.ask(Action="Ping")[0], "and then actions are carried out")
    answer = raw.ask(Action="Nonsense")[0]["Message"]
    check(answer.startswith("Invalid/unknown command: Nonsense."), "an unknown action is told")
    check(raw.ask(ActionID="3")[0]["Message"] == "Missing action in request", "as is a missing one")
    check(raw.ask(Action="Logoff")[0]["Response"] == "Goodbye" and raw.ended(), "logging off ends the session")
    reader = Raw()
    check(reader.login(READER, READER_SECRET)["Response"] == "Success", "a manager with few rights logs in")
    answer = reader.ask(Action="Originate", Channel="Local/1001@internal", Application="Wait", Data="1")[0]
    check(answer["Message"] == "Permission denied", "and may not call")
    check("Originate" not in reader.ask(Action="ListCommands")[0], "nor is it told of that")
    boss = Raw()
    boss.login(Events="off")
    with open(DOCUMENT) as file:
        document = file.read()
    actions = {name for name in boss.ask(Action="ListCommands")[0] if name != "Response"}
    written = set(re.findall(r"^\| (\w+) \| ", document, re.MULTILINE)) - {"action", "class"}
    check(actions and actions == written, f"the document lists every action: {actions ^ written}")


def abuse():
    raw = Raw()
    raw.socket.sendall(b"Action: Ping\r\nX: " + b"x" * 100_000 + b"\r\n\r\n")
    check(dict(raw.message())["Message"] == "Failed to parse message: line too long", "a line that is too long is told")
    check(raw.login(Events="off")["Response"] == "Success", "and the session goes on")
    for number in range(500):
        raw.send(Action="Ping", ActionID=number)
    answers = [dict(raw.message())["ActionID"] for _ in range(500)]
    check(answers == [str(number) for number in range(500)], "many actions at once are answered in order")
    half = [socket.create_connection(("127.0.0.1", PORT), 10) for _ in range(60)]
    time.sleep(0.3)
    check("Ping" in raw.ask(Action="Ping")[0], "half-open connections don't keep others from being served")
    check(sum(1 for one in half if is_open(one)) <= 50, "and only so many may wait for a log-in")
    for one in half:
        one.close()


def is_open(connection):
    connection.settimeout(0.2)
    try:
        return bool(connection.recv(100))
    except OSError:
        return False


def call(number, seconds="20", *more):
    return subprocess.Popen(
        [ARIOSO, "call", number, "--server", f"127.0.0.1:{SIP}", "--user", PHONE, "--password", PHONE_SECRET, "--seconds", seconds, *more],
        stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)


def injection():
    raw, other = Raw(), Raw()
    raw.login(Events="off")
    other.login(Events="user,dialplan")
    raw.ask(Action="Setvar", Variable="EVIL", Value="a\\n")
    channel = originate(raw, "Local/1001@internal")
    raw.ask(Action="Setvar", Channel=channel, Variable="TEXT(x)\tEvent", Value="Fake")
    raw.ask(Action="UserEvent", UserEvent="Told", Body="one\ttwo", Name="a: b")
    told = other.until(lambda one: one.get("UserEvent") == "Told")[-1]
    check(told["Body"] == "one two" and told["Name"] == "a: b", f"what somebody writes stays in its field: {told}")
    raw.ask(Action="Hangup", Channel=channel)


def originate(raw, channel, **more):
    name = f"own-{time.time_ns()}"
    answer = raw.ask(
        Action="Originate", Channel=channel, Context="internal", Exten="1002", Priority=1, Async="true", ChannelId=name,
        OtherChannelId=f"{name}-2", **more)[0]
    check(answer["Message"] == "Originate successfully queued", f"a call is made: {answer}")
    for _ in range(100):
        if raw.ask(Action="Getvar", Channel=name, Variable="CHANNEL(state)")[0].get("Value") == "Up":
            return name
        time.sleep(0.05)
    check(False, "the call is answered")


def transfers():
    """A phone's call through Dial(), sent elsewhere; the order in which events tell it."""
    raw, ears = Raw(), Raw()
    raw.login(Events="off")
    ears.login(Events="call")
    phone = call("1003")
    told = ears.until(lambda one: one.get("Event") == "BridgeEnter" and one["BridgeNumChannels"] == "2")
    names = [one["Event"] for one in told if "Event" in one and one["Event"] in (
        "Newchannel", "DialBegin", "DialEnd", "BridgeCreate", "BridgeEnter")]
    wanted = ["Newchannel", "DialBegin", "DialEnd", "BridgeCreate", "BridgeEnter", "BridgeEnter"]
    places = [names.index(name) for name in wanted[:4]]
    check(places == sorted(places) and names[-2:] == wanted[-2:], f"a bridged call is told in order: {names}")
    inside = [one for one in told if one.get("Event") == "BridgeEnter"]
    caller = next(one for one in inside if one["Channel"].startswith("PJSIP/"))
    callee = next(one for one in inside if one["Channel"].startswith("Local/"))
    check(caller["Linkedid"] == callee["Linkedid"] == caller["Uniqueid"], "who meets has one linked id")
    bridges = raw.ask(Action="BridgeList", ActionID="list")[0]
    check(bridges["EventList"] == "start", "bridges are listed")
    raw.until(lambda one: one.get("Event") == "BridgeListComplete" and one["ListItems"] == "1")
    answer = raw.ask(Action="Redirect", Channel=callee["Uniqueid"], Context="internal", Exten="1002", Priority="1")[0]
    check(answer == {"Response": "Success", "Message": "Redirect successful"}, f"a channel is sent elsewhere: {answer}")
    told = ears.until(lambda one: one.get("Event") == "Hangup" and one["Channel"] == caller["Channel"])
    check([one["Event"] for one in told].count("BridgeLeave") == 2 and any(one["Event"] == "BridgeDestroy" for one in told), "the bridge ends")
    value = raw.ask(Action="Getvar", Channel=callee["Channel"], Variable="EXTEN")[0]["Value"]
    check(value == "1002", f"and it is there: {value}")
    check(raw.ask(Action="Hangup", Channel="/^Local/")[0]["EventList"] == "start", "a regular expression ends calls")
    phone.wait(10)
    blind(raw, ears)
    consultation(raw, ears)


def events():
    """Each kind of event comes, with the fields that tools read."""
    raw, ears = Raw(), Raw()
    raw.login(Events="off")
    ears.login()
    phone = call("1004", "20", "--register", "--dtmf", "5")
    told = ears.until(lambda one: one.get("Event") == "DTMFEnd")
    caller = told[-1]["Channel"]
    spy = originate(raw, "Local/1005@internal")
    told += ears.until(lambda one: one.get("Event") == "ChanSpyStart")
    raw.ask(Action="PlayDTMF", Channel=caller, Digit="9", Duration="200")
    raw.ask(Action="Hangup", Channel=spy)
    phone.terminate()
    phone.wait(10)
    for over in (("PeerStatus", "Unreachable"), ("Cdr", caller)):
        if not any(over[0] == one.get("Event") and over[1] in one.values() for one in told):
            told += ears.until(lambda one: over[0] == one.get("Event") and over[1] in one.values())
    fields = {
        "Newchannel": "Channel Uniqueid Linkedid", "Newstate": "ChannelStateDesc", "Newexten": "Application AppData Extension",
        "VarSet": "Variable Value", "UserEvent": "UserEvent State", "MusicOnHoldStart": "Class", "MusicOnHoldStop": "Channel",
        "DTMFBegin": "Digit Direction", "DTMFEnd": "Digit Direction DurationMs", "LocalBridge": "LocalOneChannel LocalTwoUniqueid",
        "DialBegin": "DestChannel DialString", "DialEnd": "DestUniqueid DialStatus", "ChanSpyStart": "SpyerChannel SpyeeChannel",
        "ChanSpyStop": "SpyerChannel", "HangupRequest": "Cause", "SoftHangupRequest": "Cause", "Hangup": "Cause Cause-txt",
        "OriginateResponse": "Response Reason Uniqueid", "PeerStatus": "Peer PeerStatus", "ContactStatus": "URI ContactStatus AOR",
        "DeviceStateChange": "Device State", "ExtensionStatus": "Exten Context Hint Status StatusText",
        "CEL": "EventName EventTime UniqueID LinkedID", "Cdr": "Source Destination Channel StartTime Duration BillableSeconds Disposition",
    }
    for name, wanted in fields.items():
        found = [one for one in told if one.get("Event") == name]
        check(found and all(field in found[0] for field in wanted.split()), f"{name} comes: {found[:1]}")
    cel = [one["EventName"] for one in told if one.get("Event") == "CEL" and one["Channel"] == caller]
    check(cel == ["CHAN_START", "ANSWER", "HANGUP", "CHAN_END", "LINKEDID_END"], f"a call is logged: {cel}")
    records = [one for one in told if one.get("Event") == "Cdr" and one["Channel"] == caller]
    check(len(records) == 1 and records[0]["Disposition"] == "ANSWERED" and records[0]["Source"] == PHONE, f"one record: {records}")
    sent = [one for one in told if one.get("Event") == "DTMFEnd" and one["Digit"] == "9"]
    check(sent and sent[0]["Direction"] == "Sent" and sent[0]["DurationMs"] == "200", f"a key that is sent: {sent}")


def detours():
    """A call that runs one application is sent to the dialplan; two calls are joined; a pair is parted without an end."""
    raw, ears = Raw(), Raw()
    raw.login(Events="off")
    ears.login(Events="call")
    names = []
    for number in range(2):
        name = f"detour-{number}"
        raw.ask(Action="Originate", Channel="Local/1002@internal", Application="Wait", Data="30", Async="true", ChannelId=name)
        ears.until(lambda one: one.get("Event") == "OriginateResponse" and one["Uniqueid"] == name)
        names.append(name)
    answer = raw.ask(Action="Redirect", Channel=names[0], Context="internal", Exten="1006", Priority="2")[0]
    check(answer["Response"] == "Success", f"one that runs an application is sent elsewhere: {answer}")
    wait_for(lambda: raw.ask(Action="Getvar", Channel=names[0], Variable="B")[0].get("Value") == "2", "and is there")
    check(raw.ask(Action="Redirect", Channel=names[0], Context="internal", Exten="none")[0]["Message"] == "Redirect failed", "not to nowhere")
    answer = raw.ask(Action="Bridge", Channel1=names[0], Channel2=names[1])[0]
    check(answer["Response"] == "Success", f"two calls are joined: {answer}")
    bridge = ears.until(lambda one: one.get("Event") == "BridgeEnter" and one["BridgeNumChannels"] == "2")[-1]
    check(raw.ask(Action="BridgeInfo", BridgeUniqueid=bridge["BridgeUniqueid"])[0]["EventList"] == "start", "who is inside")
    inside = raw.until(lambda one: one.get("Event") == "BridgeInfoComplete")[:-1]
    check({one["Uniqueid"] for one in inside} == set(names), f"those two: {inside}")
    answer = raw.ask(
        Action="Redirect", Channel=names[0], ExtraChannel=names[1], Context="internal", Exten="1006", Priority="1", ExtraExten="1002",
        ExtraContext="internal", ExtraPriority="1")[0]
    check(answer["Message"] == "Dual Redirect successful", f"both are sent elsewhere: {answer}")
    ears.until(lambda one: one.get("Event") == "BridgeDestroy")
    for name, exten in zip(names, ("1006", "1002")):
        wait_for(lambda: raw.ask(Action="Getvar", Channel=name, Variable="EXTEN")[0].get("Value") == exten, f"{name} is at {exten}")
    raw.ask(Action="Bridge", Channel1=names[0], Channel2=names[1])
    ears.until(lambda one: one.get("Event") == "BridgeEnter" and one["BridgeNumChannels"] == "2")
    raw.ask(Action="BridgeKick", Channel=names[0])
    for _ in names:
        ears.until(lambda one: one.get("Event") == "Hangup" and one["Uniqueid"] in names)
    wait_for(lambda: raw.ask(Action="CoreStatus")[0]["CoreCurrentCalls"] == "0", "nothing is left")


def functions():
    raw = Raw()
    raw.login(Events="off")
    lamp = "DEVICE_STATE(Custom:lamp)"
    check(raw.ask(Action="Setvar", Variable=lamp, Value="INUSE")[0]["Message"] == "Variable Set", "a function is set without a channel")
    check(raw.ask(Action="Getvar", Variable=lamp)[0]["Value"] == "INUSE", "and read")
    raw.ask(Action="DBPut", Family="f", Key="k", Val="v")
    check(raw.ask(Action="Getvar", Variable="DB_DELETE(f/k)")[0]["Response"] == "Error", "reading deletes nothing")
    check(raw.ask(Action="Getvar", Variable="DB(f/k)")[0]["Value"] == "v", "it is still there")
    check(raw.ask(Action="Setvar", Variable="NONE(x)", Value="1")[0]["Response"] == "Error", "one that does not exist is told")


def wait_for(condition, text):
    for _ in range(200):
        if condition():
            return check(True, text)
        time.sleep(0.02)
    check(False, text)


def filters():
    raw, ears = Raw(), Raw()
    raw.login(Events="off")
    ears.login(Events="user")
    for text in ("UserEvent: Wanted", "!Body: .*secret"):
        check(ears.ask(Action="Filter", Operation="Add", Filter=text)[0]["Response"] == "Success", "a filter is taken")
    check(ears.ask(Action="Filter", Operation="Add", Filter="[")[0]["Response"] == "Error", "one that can't be read is not")
    for name, body in (("Other", "x"), ("Wanted", "a secret"), ("Wanted", "x")):
        raw.ask(Action="UserEvent", UserEvent=name, Body=body)
    told = ears.until(lambda one: one.get("Event") == "UserEvent")
    check(told[-1]["UserEvent"] == "Wanted" and told[-1]["Body"] == "x", f"only what is wanted comes: {told}")


def slow_reader():
    """Who does not read is cut off alone."""
    raw, ears, slow = Raw(), Raw(), Raw(takes=4096)
    raw.login(Events="off")
    ears.login(Events="user")
    slow.login(Events="user")
    fields = {f"Field{number}": "x" * 4000 for number in range(14)}
    for number in range(220):
        raw.ask(Action="UserEvent", UserEvent="Large", Number=number, **fields)
        told = ears.until(lambda one: one.get("Event") == "UserEvent")[-1]
    check(told["Number"] == "219", "who reads gets all")
    check(slow.ended(), "who does not is gone")


def encrypted():
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with context.wrap_socket(socket.create_connection(("127.0.0.1", TLS_PORT), 10)) as connection:
        connection.sendall(f"Action: Login\r\nUsername: {NAME}\r\nSecret: {SECRET}\r\n\r\n".encode())
        said = b""
        while b"Authentication accepted" not in said:
            said += connection.recv(4096)
    check(said.startswith(b"Asterisk Call Manager"), "managers may come over TLS")


def bridged(ears):
    phone = call("1003")
    told = ears.until(lambda one: one.get("Event") == "BridgeEnter" and one["BridgeNumChannels"] == "2")
    inside = [one for one in told if one.get("Event") == "BridgeEnter"]
    return phone, *(next(one["Channel"] for one in inside if one["Channel"].startswith(kind)) for kind in ("PJSIP/", "Local/"))


def blind(raw, ears):
    phone, caller, callee = bridged(ears)
    check(raw.ask(Action="BlindTransfer", Channel=caller, Context="internal", Exten="1002")[0]["Response"] == "Success", "a blind transfer")
    told = ears.until(lambda one: one.get("Event") == "BlindTransfer")[-1]
    check(told["Result"] == "Success" and told["TransfererChannel"] == caller and told["TransfereeChannel"] == callee and
          told["Extension"] == "1002", f"is told with who did what: {told}")
    raw.ask(Action="Hangup", Channel="/./")
    phone.wait(10)
    ears.until(lambda one: one.get("Event") == "Hangup" and one["Channel"] == callee)


def consultation(raw, ears):
    phone, caller, callee = bridged(ears)
    answer = raw.ask(Action="Atxfer", Channel=caller, Context="internal", Exten="1002")[0]
    check(answer["Response"] == "Success", f"one asks before a transfer: {answer}")
    ears.until(lambda one: one.get("Event") == "BridgeEnter" and one["BridgeNumChannels"] == "2" and one["Channel"] != callee)
    raw.ask(Action="Hangup", Channel=caller)
    told = ears.until(lambda one: one.get("Event") == "AttendedTransfer")[-1]
    check(told["Result"] == "Success" and told["TransfereeChannel"] == callee, f"and hanging up completes it: {told}")
    phone.wait(10)
    inside = raw.ask(Action="CoreShowChannels")[0]
    check(inside["EventList"] == "start", "channels are listed")
    listed = raw.until(lambda one: one.get("Event") == "CoreShowChannelsComplete")[:-1]
    check(len({one["BridgeId"] for one in listed if one["BridgeId"]}) == 1, f"the other two talk: {listed}")
    raw.ask(Action="Hangup", Channel="/./")
    ears.until(lambda one: one.get("Event") == "Hangup" and one["Channel"] == callee)
    unanswered(raw, ears)


def unanswered(raw, ears):
    """Who is asked does not answer: the first two talk again, and then one of them hangs up."""
    phone, caller, callee = bridged(ears)
    check(raw.ask(Action="Atxfer", Channel=caller, Context="internal", Exten="1007")[0]["Response"] == "Success", "one who does not answer")
    told = ears.until(lambda one: one.get("Event") == "BridgeEnter" and one["BridgeNumChannels"] == "2")[-1]
    check(told["Channel"] == caller, f"brings the first two together again: {told}")
    raw.ask(Action="Hangup", Channel=caller)
    ears.until(lambda one: one.get("Event") == "Hangup" and one["Channel"] == callee)
    phone.wait(10)
    wait_for(lambda: raw.ask(Action="CoreStatus")[0]["CoreCurrentCalls"] == "0", "nothing is left")


async def programs():
    """What programs do, with a client of their own."""
    manager = Manager(host="127.0.0.1", port=PORT, username=NAME, secret=SECRET, ping_delay=1)
    events = []
    manager.register_event("*", lambda _, message: events.append(message))
    await manager.connect()
    pong = await manager.send_action({"Action": "Ping"})
    check(pong.success and pong.ping == "Pong", "panoramisk is answered")
    answer = await manager.send_action({"Action": "CoreStatus"})
    check(answer.corecurrentcalls == "0", "the state of the server")
    made = await manager.send_action({
        "Action": "Originate", "Channel": "Local/1001@internal", "Application": "Wait", "Data": "5", "Async": "true", "CallerID": '"Ann" <42>',
        "Variable": ["A=1", "B=2"], "ActionID": "call-1"})
    # The client gives the event that tells how it went together with the answer.
    made = made if isinstance(made, list) else [made]
    check("queued" in made[0].message, "it calls")
    for _ in range(100):
        response = [one for one in made + events if one.event == "OriginateResponse"]
        if response:
            break
        await asyncio.sleep(0.05)
    check(response and response[0].response == "Success" and response[0].reason == "4" and response[0].calleridnum == "42", "and is told")
    answer = await manager.send_action({"Action": "Getvar", "Channel": response[0].uniqueid, "Variable": "B"})
    check(answer.value == "2", "variables are set and read")
    answer = await manager.send_action({"Action": "Hangup", "Channel": response[0].channel})
    check(answer.success, "it hangs up")
    answer = await manager.send_action({"Action": "Command", "Command": "core show uptime"})
    check("System uptime" in str(answer), "a command line is carried out")
    answer = await manager.send_action({"Action": "Originate", "Channel": "Local/none@internal", "Application": "Wait", "Data": "1"})
    check(not answer.success and answer.message == "Originate failed", "a call that comes to nothing is told")
    manager.close()


async def same_story():
    """One call, told by ARI and by AMI: ids, states, causes and times agree."""
    headers = {"Authorization": "Basic " + base64.b64encode(LOGIN.encode()).decode()}
    url = f"ws://127.0.0.1:{HTTP}/ari/events?app=story&subscribeAll=true"
    async with websockets.connect(url, additional_headers=headers) as socket_:
        raw = Raw()
        raw.login(Events="call")
        began = time.time()
        phone = call("1001")
        ami = await asyncio.to_thread(raw.until, lambda one: one.get("Event") == "Hangup")
        ari = []
        while not ari or ari[-1]["type"] != "ChannelDestroyed":
            ari.append(json.loads(await asyncio.wait_for(socket_.recv(), 10)))
        await asyncio.to_thread(phone.wait, 10)
    pairs = {"ChannelCreated": "Newchannel", "ChannelStateChange": "Newstate", "ChannelDestroyed": "Hangup"}
    told = [one for one in ari if one["type"] in pairs]
    heard = [one for one in ami if one.get("Event") in pairs.values()]
    check([pairs[one["type"]] for one in told] == [one["Event"] for one in heard], "the same things happen in the same order")
    for one, other in zip(told, heard):
        channel = one["channel"]
        same = (channel["id"], channel["name"], channel["state"]) == (other["Uniqueid"], other["Channel"], other["ChannelStateDesc"])
        check(same, f"{one['type']} is {other['Event']}")
    check(str(told[-1]["cause"]) == heard[-1]["Cause"] and told[-1]["cause_txt"] == heard[-1]["Cause-txt"], "with the same cause")
    stamps = [float(one["Timestamp"]) for one in heard]
    check(stamps == sorted(stamps) and began - 1 < stamps[0] < time.time() + 1, f"in the same time: {stamps}")
    for one, stamp in zip(told, stamps):
        ms = time.mktime(time.strptime(one["timestamp"][:19], "%Y-%m-%dT%H:%M:%S")) + int(one["timestamp"][20:23]) / 1000
        check(abs(ms - stamp) < 0.05 or abs(abs(ms - stamp) % 1800) < 0.05, f"{one['timestamp']} is {stamp}")


logging_in()
abuse()
injection()
transfers()
detours()
functions()
events()
filters()
slow_reader()
encrypted()
asyncio.run(programs())
asyncio.run(same_story())
print("all done", flush=True)
