"""Runs the server as automation runs the reference: launcher.py ASTERISK ARIOSO FOLDER

Two instances at two addresses with equal ports; commands through each one's own socket.
"""
import base64
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

ASTERISK, ARIOSO, FOLDER = sys.argv[1:4]
os.environ["ARIOSO"] = ARIOSO


def check(condition, text):
    print("ok " if condition else "FAILED ", text, flush=True)
    if not condition:
        sys.exit(1)


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


HTTP, AMI, SIP = free_ports(3)
FILES = {
    "asterisk.conf": """
[directories]
astetcdir => {etc}
astdatadir => {base}/data
astspooldir => {base}/spool
astrundir => {base}/run-{long}
#include "options.inc"
""",
    "options.inc": "[options]\nverbose = 5\nsystemname = {name}\n",
    "http.conf": "[general]\nenabled = yes\nbindaddr = {host}\nbindport = {http}\n",
    "ari.conf": "[general]\nenabled = yes\n[tester]\ntype = user\npassword = secret-of-tester\n[reader]\ntype = user\nread_only = yes\npassword = r\n",
    "manager.conf": "[general]\nenabled = yes\nport = {ami}\nbindaddr = {host}\n#include \"manager.d/*.conf\"\n",
    "manager.d/user.conf": "[user]\nsecret = mysecret\nread = all\nwrite = all\neventfilter(action(exclude),name(VarSet)) =\n",
    "extensions.conf": "[default]\nexten => echo,1,Answer()\n same => n,Echo()\nexten => 100,hint,PJSIP/alice\n#include \"more.conf\"\n",
    "more.conf": "exten => later,1,NoSuchThing(\nexten => app,1,Stasis(tests,one)\n same => n,Hangup()\n",
    "pjsip.conf": """
[global]
type = global
[local]
type = transport
protocol = udp
bind = {host}:{sip}
[phone](!)
type = endpoint
context = default
allow = !all,ulaw
[alice](phone)
aors = alice
[alice]
type = aor
max_contacts = 1
[bob](phone)
aors = bob
[bob]
type = aor
contact = sip:bob@{host}:9
""",
}


class Instance:
    def __init__(self, name, host):
        self.host, self.base = host, f"{FOLDER}/{name}"
        # Longer than the address of a socket may be.
        values = dict(etc=f"{self.base}/etc", base=self.base, long="x" * 100, name=name, host=host, http=HTTP, ami=AMI, sip=SIP)
        for path, text in FILES.items():
            whole = f"{self.base}/etc/{path}"
            os.makedirs(os.path.dirname(whole), exist_ok=True)
            with open(whole, "w") as file:
                file.write(text.format(**values))
        self.main = f"{self.base}/etc/asterisk.conf"
        self.log = open(f"{self.base}/log", "w")
        self.process = subprocess.Popen(
            [ASTERISK, "-f", "-g", "-q", "-m", "-n", "-C", self.main], stdout=self.log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)

    def command(self, line):
        result = subprocess.run([ASTERISK, "-C", self.main, "-rx", line], capture_output=True, text=True, timeout=30)
        return result.returncode, result.stdout

    def ari(self, method, path, login="tester:secret-of-tester"):
        request = urllib.request.Request(f"http://{self.host}:{HTTP}/ari{path}", method=method)
        request.add_header("Authorization", "Basic " + base64.b64encode(login.encode()).decode())
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            return error.code, error.read()


def sip(host, lines):
    """One request from a phone that knows no password; the answer."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as phone:
        phone.settimeout(5)
        phone.bind((host, 0))
        port = phone.getsockname()[1]
        phone.sendto("\r\n".join(lines).format(host=host, port=port, sip=SIP).encode(), (host, SIP))
        while True:
            answer = phone.recv(65536).decode()
            if answer.startswith("SIP/2.0"):
                return answer


REGISTER = [
    "REGISTER sip:{host}:{sip} SIP/2.0", "Via: SIP/2.0/UDP {host}:{port};branch=z9hG4bKa1", "From: <sip:alice@{host}>;tag=1",
    "To: <sip:alice@{host}>", "Call-ID: launcher", "CSeq: 1 REGISTER", "Contact: <sip:alice@{host}:{port}>", "Max-Forwards: 70",
    "Content-Length: 0", "", ""]


def log_in(host):
    connection = socket.create_connection((host, AMI), 10)
    connection.sendall(b"Action: Login\r\nUsername: user\r\nSecret: mysecret\r\n\r\n")
    said = b""
    while b"FullyBooted" not in said:
        said += connection.recv(4096)
    return connection


check(subprocess.run([ASTERISK, "-V"], capture_output=True, text=True).stdout.startswith("Asterisk "), "the version is told")
one, two = Instance("one", "127.0.0.1"), Instance("two", "127.0.0.2")
for instance in (one, two):
    status, said = instance.command("core waitfullybooted")
    check(status == 0 and "Asterisk has fully booted" in said, f"it boots: {status} {said}")
    check(instance.ari("GET", "/asterisk/info")[0] == 200, "ARI is served where the files say")
    check(instance.ari("POST", "/bridges", "reader:r")[0] == 403, "with the users of the files")
    log_in(instance.host).close()
    check(" 200 " in sip(instance.host, REGISTER).splitlines()[0], "a phone without a password registers")
    said = instance.command("pjsip show contacts")[1]
    check("alice/sip:alice@" in said and "bob/sip:bob@" in said, f"contacts are shown: {said}")
    check(instance.ari("GET", "/endpoints/PJSIP/alice")[1]["state"] == "online", "and so does ARI")
said = open(f"{one.base}/log").read()
check(said.count("options.inc:2: verbose = 5: has no counterpart") == 1, f"what is not understood is told once: {said}")
check("more.conf:1" in said, "with the file that it stands in")
check("pbx" in one.command("dialplan show")[1] and "Stasis(tests,one)" in one.command("dialplan show app@default")[1], "the dialplan is shown")
status, said = one.command("core show nonsense")
check(status == 1 and said.startswith("No such command 'core show nonsense'"), "unknown words are told")
check(one.command("channel originate Local/echo@default application Wait 20")[0] == 0, "a call is made")
for _ in range(100):
    concise = [line.split("!") for line in one.command("core show channels concise")[1].splitlines()]
    if len(concise) == 2 and all(fields[4] == "Up" for fields in concise):
        break
    time.sleep(0.05)
check(len(concise) == 2 and concise[0][0].startswith("Local/echo@default") and concise[0][5] == "Wait", f"channels are listed: {concise}")
check(two.command("core show channels concise")[1] == "", "each instance has its own")
check("active channels" in one.command("core show channels")[1], "and counted")
check(one.command("channel request hangup " + concise[0][0])[1].startswith("Requested Hangup"), "a call is ended")
with open(f"{one.base}/etc/more.conf", "w") as file:
    file.write("exten => new,1,Answer()\n same => n,Wait(20)\n")
status, said = one.ari("PUT", "/asterisk/config/dynamic/res_pjsip/endpoint/made?fields=")
check(status == 200, f"a phone is made over ARI: {said}")
check(one.command("dialplan reload")[1].strip() == "Dialplan reloaded.", "the files are read again")
check("Wait(20)" in one.command("dialplan show new@default")[1], "and in force")
check(one.ari("GET", "/endpoints/PJSIP/made")[0] == 200, "phones that ARI made stay")
check(one.command("channel originate Local/new@default extension echo@default")[0] == 0, "a call goes on")
manager = log_in(one.host)
began = time.time()
check(one.command("core stop gracefully")[0] == 0, "it stops when asked to")
check(one.process.wait(0.5) is not None and one.process.returncode == 0, f"really, before the command returns: {time.time() - began}")
data = manager.recv(65536)
while more := manager.recv(65536):
    data += more
check(b"Event: Shutdown" in data, "managers are told")
status, said = one.command("core show version")
check(status == 1 and not said, "then nobody answers")
check(two.command("core stop now")[0] == 0 and two.process.wait(0.5) == 0, "the other one stops, too")
result = subprocess.run([ASTERISK, "-C", two.main], capture_output=True, text=True, timeout=30)
check(result.returncode == 0 and two.command("core waitfullybooted")[0] == 0, f"without -f it serves in the background: {result.stderr}")
result = subprocess.run([ASTERISK, "-C", two.main], capture_output=True, text=True, timeout=30)
check(result.returncode == 1 and "runs already" in result.stderr, "once")
check(two.command("core stop now")[0] == 0, "until it is told to end")
with socket.create_server((two.host, HTTP)):
    result = subprocess.run([ASTERISK, "-C", two.main], capture_output=True, text=True, timeout=30)
    check(result.returncode == 1 and "-f" in result.stderr, f"who can't start in the background says so: {result.stderr}")
print("all done", flush=True)
