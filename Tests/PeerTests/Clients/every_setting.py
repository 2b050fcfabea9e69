"""Changes every setting that there is: every_setting.py CONSOLE-URL CODE FOLDER ROUNDS

Switches ARI off and on, says "switched", and waits for the application hello-world before it goes on.

Fails when a change is refused, or when a section or list of the admin interface was left out.
"""
import http.cookiejar
import json
import subprocess
import sys
import time
import urllib.error
import urllib.request

CONSOLE, CODE, FOLDER, ROUNDS = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
token, changed, count = "", set(), 0


def ask(method, path, body=None):
    headers = {"Content-Type": "application/json", "X-CSRF-Token": token}
    data = None if body is None else json.dumps(body).encode()
    with opener.open(urllib.request.Request(f"{CONSOLE}/api/v1{path}", data, headers, method=method), timeout=30) as answer:
        text = answer.read()
        return json.loads(text) if text else None


def change(method, path, body=None):
    global count
    count += 1
    changed.add("/".join(path.split("/")[:3]) if path.startswith("/settings") else "/" + path.split("/")[1])
    try:
        ask(method, path, body)
    except urllib.error.HTTPError as error:
        sys.exit(f"{method} {path} {body}: {error.code} {error.read().decode()}")


def certificate(number):
    key, chain = f"{FOLDER}/key{number}.pem", f"{FOLDER}/chain{number}.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30", "-subj",
         "/CN=localhost", "-keyout", key, "-out", chain], check=True, capture_output=True)
    return chain, key


def item(path, name, made, edited):
    """Makes, changes and removes one entry of a list."""
    change("POST", path, made)
    change("PATCH", f"{path}/{name}", edited)
    change("DELETE", f"{path}/{name}")


def settings(i, listeners):
    odd = i % 2 == 1
    change("PATCH", "/settings/identity", {"systemName": f"s{i}"})
    change("PATCH", "/settings/log", {"level": "debug" if odd else "info"})
    change("PATCH", "/settings/sip", {"listeners": listeners + [{"transport": "tcp", "host": "127.0.0.1", "port": 0}]})
    change("PATCH", "/settings/sip", {"listeners": listeners, "codecs": ["ulaw", "alaw"] if odd else ["alaw", "ulaw", "opus"]})
    change("PATCH", "/settings/rtp", {"ports": f"{24000 + 2 * i}-25999", "timeoutSeconds": i, "holdTimeoutSeconds": i})
    change("PATCH", "/settings/http", {"httpsEnabled": odd, "httpsPort": 0})
    change("PATCH", "/settings/ari", {"allowedOrigins": [f"https://a{i}.example"], "channelVariables": [f"V{i}"], "realm": f"r{i}"})
    change("PATCH", "/settings/ami", {"enabled": odd, "port": 0, "tlsEnabled": odd, "tlsPort": 0, "cel": odd, "cdr": not odd})
    change("PATCH", "/settings/security", {"failures": 20 + i, "blockMinutes": 10 + i})
    change("PATCH", "/settings/console", {"httpsEnabled": odd, "httpsPort": 0})
    change("PATCH", "/settings/history", {"enabled": odd, "timeline": odd, "log": odd, "days": i, "logDays": i})
    change("PATCH", "/settings/audioSocket", {"enabled": odd, "port": 0})
    change("PATCH", "/settings/remoteMedia", {"hosts": [f"h{i}.example"]})


def lists(i):
    item("/ari-users", f"u{i}", {"name": f"u{i}", "password": f"pw-pw-pw-{i}x"}, {"readOnly": True, "applications": ["a"]})
    item("/ami-managers", f"m{i}", {"name": f"m{i}", "secret": "secret-of-a-manager", "read": ["all"]}, {"write": ["originate"]})
    item("/extensions", f"9{i}", {"number": f"9{i}", "secret": "abcd-efgh-1234"}, {"ringSeconds": 10 + i, "forwarding": {"busy": "1001"}})
    item("/providers", f"q{i}", {"name": f"q{i}", "registration": "none", "host": "127.0.0.9"}, {"maxCalls": i + 1})
    change("POST", "/providers", {"name": "p", "registration": "none", "host": "127.0.0.9", "port": 9})
    item("/incoming-routes", f"r{i}", {"name": f"r{i}", "destination": "6001"}, {"seconds": 7, "fallback": "1001"})
    item("/outgoing-routes", f"o{i}", {"name": f"o{i}", "pattern": f"0{i}X.", "providers": ["p"]}, {"strip": 1, "prepend": "49"})
    change("DELETE", "/providers/p")
    item("/dialplan-applications", f"77{i}", {"extension": f"77{i}", "steps": ["Answer", "Hangup"]}, {"steps": ["Busy"]})
    item("/dialplan-files", f"f{i}.conf", {"name": f"f{i}.conf", "text": "[x]\nexten => 1,1,Answer\n"}, {"text": "[y]\nexten => 2,1,Answer\n"})
    item("/websocket-clients", f"w{i}", {"name": f"w{i}", "uri": "ws://127.0.0.1:9/x"}, {"uri": "ws://127.0.0.1:9/y"})
    change("POST", "/websocket-clients", {"name": "w", "uri": "ws://127.0.0.1:9/x"})
    item("/outbound-websockets", "w", {"name": "w", "client": "w", "applications": ["b"], "user": "peer"}, {"applications": ["c"]})
    change("DELETE", "/websocket-clients/w")
    change("PATCH", "/extensions/6001", {"codecs": ["ulaw", "alaw"] if i % 2 else ["ulaw"], "maxContacts": 2 + i, "outside": {"maxCalls": i}})


def certificates(i):
    chain, key = certificate(i)
    with open(chain) as one, open(key) as other:
        change("PUT", "/certificate", {"certificate": one.read(), "key": other.read()})
    change("DELETE", "/certificate")
    change("PATCH", "/settings/http", {"certificate": chain, "key": key})


token = ask("POST", "/setup", {"code": CODE, "password": "correct-horse-battery"})["csrfToken"]
own = ask("GET", "/settings/sip")["listeners"]
# Whoever listens to events may not while ARI is off, so that comes first.
change("PATCH", "/settings/ari", {"enabled": False})
change("PATCH", "/settings/ari", {"enabled": True})
print("switched", flush=True)
while ask("POST", "/ari/calls", {"method": "GET", "path": "/applications/hello-world"})["status"] != 200:
    time.sleep(0.05)
for number in range(ROUNDS):
    settings(number, own)
    lists(number)
    certificates(number)
paths = ask("GET", "/openapi.json")["paths"]
edited = {path.split("/{")[0] for path, item in paths.items() if "/{" in path and "patch" in item}
wanted = edited | {path for path, item in paths.items() if "patch" in item and "/{" not in path}
left_out = wanted - changed
if left_out or not wanted:
    sys.exit(f"not changed: {sorted(left_out)} of {sorted(wanted)}")
print(f"{count} changes", flush=True)
