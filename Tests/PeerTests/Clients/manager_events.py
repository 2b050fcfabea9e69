"""Writes every event that a manager hears as a line of JSON: manager_events.py PORT NAME SECRET"""
import json
import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as connection:
    connection.sendall(f"Action: Login\r\nUsername: {sys.argv[2]}\r\nSecret: {sys.argv[3]}\r\n\r\n".encode())
    fields = {}
    for line in connection.makefile():
        name, _, value = line.rstrip("\r\n").partition(": ")
        if name:
            fields[name] = value
            continue
        print(json.dumps(fields), flush=True)
        fields = {}
