"""Attacks SIP with the sipvicious tools: scan_sip.py PORT EXTENSION SECRET FOLDER

Scanning must not tell which extensions there are, and guessing must be stopped before it comes to the right password.
"""
import os
import subprocess
import sys

PORT, EXTENSION, SECRET, FOLDER = sys.argv[1:5]
TOOLS = os.path.dirname(sys.executable)


def run(tool, *arguments, seconds):
    """What the tool says until it ends; one that gets no answers waits for ever."""
    path = f"{FOLDER}/{tool}.txt"
    command = [f"{TOOLS}/sipvicious_{tool}", *arguments, "-b", "127.0.0.1", "-x", "127.0.0.1", "-t", "0.01", "-p", PORT, "127.0.0.1"]
    with open(path, "w") as output:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=FOLDER)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    with open(path) as output:
        said = output.read()
    print(f"{tool} {arguments}:\n{said}", flush=True)
    return said


def crack(guesses, seconds):
    with open(f"{FOLDER}/words.txt", "w") as words:
        words.write("\n".join([f"guess-{guess}" for guess in range(guesses)] + [SECRET]) + "\n")
    return SECRET in run("svcrack", "-u", EXTENSION, "-d", "words.txt", seconds=seconds)


number = int(EXTENSION)
for method in ("REGISTER", "OPTIONS", "INVITE"):
    if "found nothing" not in run("svwar", "-m", method, "-e", f"{number - 5}-{number + 5}", "--force", seconds=20):
        sys.exit(f"{method} tells who is there")
if not crack(3, seconds=20):
    sys.exit("svcrack does not work")
if crack(60, seconds=8):
    sys.exit("svcrack found the password")
