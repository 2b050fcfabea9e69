"""Kills the server at random moments while settings are saved: crash_saves.py SERVER DATA SAVES SEED

DATA is set up, with the console on a free port. What was answered as saved must be there after the next start, and each save must be
there as a whole or not at all.
"""
import http.client
import json
import random
import re
import subprocess
import sys
import threading
import time

SERVER, DATA, SAVES, SEED = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
chance = random.Random(SEED)


class Running:
    """A server, and when it will be killed."""

    def __init__(self, life):
        self.process = subprocess.Popen([SERVER, "serve", "--data", DATA], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.said = ""
        for line in self.process.stdout:
            self.said += line
            if "Arioso is ready." in line:
                break
        else:
            sys.exit(f"the server does not start again:\n{self.said}")
        self.port = int(re.search(r" console=(\d+)", self.said).group(1))
        threading.Thread(target=self.process.stdout.read, daemon=True).start()
        if life is not None:
            threading.Timer(life, self.process.kill).start()

    def ask(self, method, path, body=None, headers={}):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request(method, f"/api/v1{path}", None if body is None else json.dumps(body), {"Content-Type": "application/json", **headers})
        answer = connection.getresponse()
        text = answer.read()
        if answer.status >= 300:
            sys.exit(f"{method} {path}: {answer.status} {text.decode()}")
        return json.loads(text) if text else None, answer.headers


def setting(number):
    """An extension whose parts, which lie in several tables, all tell the number of the save."""
    codecs = ["ulaw", "alaw", "g722", "opus"][: 1 + number % 4]
    return {
        "secret": f"secret-of-save-{number}", "callerID": {"name": f"Save {number}", "number": str(number)}, "codecs": codecs,
        "transports": ["udp", "tcp", "tls"][: number % 4], "forwarding": {"busy": f"1{number}"}, "ringSeconds": 1 + number,
    }


def number_in(stored):
    """Which save is stored; none may be there in part."""
    number = int(stored["callerID"]["number"])
    wanted = setting(number)
    found = {name: stored[name] for name in wanted}
    found["forwarding"] = {"busy": stored["forwarding"]["busy"]}
    if found != wanted:
        sys.exit(f"half a save is there: {found} instead of {wanted}")
    return number


server = Running(None)
code = re.search(r"code=(\S+)", server.said).group(1)
session, fields = server.ask("POST", "/setup", {"code": code, "password": "correct-horse-battery"})
own = {"Cookie": fields["Set-Cookie"].split(";")[0], "X-CSRF-Token": session["csrfToken"]}
token = {"Authorization": f"Bearer {server.ask('POST', '/tokens', {'name': 'crash'}, own)[0]['token']}"}
server.ask("POST", "/extensions", {"number": "900", **setting(0)}, token)
server.process.kill()
server.process.wait()

saved, tried, kills = 0, 0, 0
while tried < SAVES:
    server = Running(chance.uniform(0.02, 0.6))
    try:
        present = number_in(server.ask("GET", "/extensions/900", headers=token)[0])
        if not saved <= present <= tried:
            sys.exit(f"save {saved} was answered, {tried} was tried, {present} is there")
        while True:
            tried += 1
            server.ask("PATCH", "/extensions/900", setting(tried), token)
            saved = tried
    except (OSError, http.client.HTTPException):
        kills += 1
    server.process.wait()
server = Running(None)
present = number_in(server.ask("GET", "/extensions/900", headers=token)[0])
server.process.terminate()
if server.process.wait(20) != 0 or not saved <= present <= tried:
    sys.exit(f"at the end: save {saved} was answered, {tried} was tried, {present} is there")
print(f"{tried} saves, {kills} kills", flush=True)
