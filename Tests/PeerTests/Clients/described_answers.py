"""Sends requests made up from the two API descriptions: described_answers.py CONSOLE-URL CODE ARI-URL ARI-LOGIN FOLDER

No answer may be an error of the server, or another than the description tells.
"""
import json
import os
import re
import subprocess
import sys
import urllib.request

CONSOLE, CODE, ARI, LOGIN, FOLDER = sys.argv[1:6]
SECONDS = os.environ.get("DESCRIBED_SECONDS", "20")
# What moves or closes the very interface that is asked, and what never ends.
ADMIN_LEFT_OUT = r"^/(events|settings/(console|http|ari|sip)|session|setup|administrator/password|tokens.*|calls.csv)$"
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


def admin(method, path, body, headers={}):
    request = urllib.request.Request(
        f"{CONSOLE}/api/v1{path}", method=method, data=json.dumps(body).encode(), headers={"Content-Type": "application/json", **headers})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.loads(answer.read()), answer.headers


def try_all(name, description, base, *options):
    path = f"{FOLDER}/{name}.json"
    with open(path, "wb") as file:
        file.write(description)
    program = os.path.join(os.path.dirname(sys.executable), "schemathesis")
    result = subprocess.run(
        [program, "run", path, "-u", base, "-c", CHECKS, "--phases", "coverage,fuzzing", "-n", "5", "--warnings", "off", "--continue-on-failure",
         "--max-time", SECONDS, "--seed", "1", "--report-dir", f"{FOLDER}/report", *options],
        capture_output=True, text=True, cwd=FOLDER, timeout=400)
    count = re.search(r"(\d+) generated", result.stdout)
    print(f"{name}: {count.group(0) if count else 'nothing generated'}, exit {result.returncode}", flush=True)
    if result.returncode != 0 or not count:
        print(result.stdout[-6000:], result.stderr[-1000:], flush=True)
        return False
    return True


answer, headers = admin("POST", "/setup", {"code": CODE, "password": "correct-horse-battery"})
cookie = headers["Set-Cookie"].split(";")[0]
token, _ = admin("POST", "/tokens", {"name": "descriptions"}, {"Cookie": cookie, "X-CSRF-Token": answer["csrfToken"]})
bearer = f"Authorization: Bearer {token['token']}"
# ARI first: what is made up for the admin interface may take ARI's user away.
with urllib.request.urlopen(f"{ARI}/api-docs/openapi.json?api_key={LOGIN}", timeout=10) as answer:
    fine = try_all("ari", answer.read(), ARI, "-a", LOGIN, "--exclude-path", "/events")
with urllib.request.urlopen(f"{CONSOLE}/api/v1/openapi.json", timeout=10) as answer:
    fine = try_all("admin", answer.read(), f"{CONSOLE}/api/v1", "-H", bearer, "--exclude-path-regex", ADMIN_LEFT_OUT) and fine
sys.exit(0 if fine else 1)
