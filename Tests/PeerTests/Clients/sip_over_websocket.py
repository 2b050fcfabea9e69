"""A phone's signalling over WebSocket (RFC 7118), as small as tests need it: registers, calls, is called."""
import asyncio, hashlib, random, re, string, uuid

import websockets


def token(length=10):
    return "".join(random.choices(string.ascii_lowercase + string.digits, k=length))


class Message:
    """One SIP message; header names in small letters, each with the list of its values."""

    def __init__(self, text):
        head, _, self.body = text.partition("\r\n\r\n")
        lines = head.split("\r\n")
        self.start = lines[0]
        self.headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            self.headers.setdefault(name.strip().lower(), []).append(value.strip())
        words = self.start.split(" ", 2)
        self.is_response = words[0] == "SIP/2.0"
        self.status = int(words[1]) if self.is_response else None
        self.method = self.headers["cseq"][0].split()[1]

    def __getitem__(self, name):
        return self.headers.get(name, [""])[0]


class Phone:
    """Owns the WebSocket. Responses go to whoever asked, requests into `requests`."""

    def __init__(self, url, user, secret, domain="127.0.0.1", ssl=None):
        self.url, self.user, self.secret, self.domain, self.ssl = url, user, secret, domain, ssl
        self.via = f"{token()}.invalid"
        self.contact_user = token(8)
        self.instance = str(uuid.uuid4())
        self.transport = "WSS" if url.startswith("wss") else "WS"
        self.waiting = {}
        self.requests = asyncio.Queue()
        self.cseq = random.randint(1, 1000)
        self.log = []

    async def open(self):
        self.socket = await websockets.connect(self.url, subprotocols=["sip"], ssl=self.ssl, max_size=None)
        assert self.socket.subprotocol == "sip"
        self.reader = asyncio.create_task(self.read())

    async def close(self):
        self.reader.cancel()
        await self.socket.close()

    async def read(self):
        async for text in self.socket:
            if isinstance(text, bytes):
                text = text.decode()
            if not text.strip():
                continue
            message = Message(text)
            self.log.append(("<", text))
            if message.is_response:
                queue = self.waiting.get(message["via"].split("branch=")[1].split(";")[0])
                if queue:
                    queue.put_nowait(message)
            else:
                await self.requests.put(message)

    async def send(self, text):
        self.log.append((">", text))
        await self.socket.send(text)

    @property
    def contact(self):
        return f"<sip:{self.contact_user}@{self.via};transport=ws>"

    async def request(self, method, uri, headers, body="", branch=None, sends_only=False):
        """Sends a request; gives the queue of its responses."""
        branch = branch or "z9hG4bK" + token()
        lines = [f"{method} {uri} SIP/2.0", f"Via: SIP/2.0/{self.transport} {self.via};branch={branch}", "Max-Forwards: 70"]
        lines += headers + ["User-Agent: test", f"Content-Length: {len(body.encode())}", "", body]
        if not sends_only:
            self.waiting[branch] = asyncio.Queue()
        await self.send("\r\n".join(lines))
        return self.waiting.get(branch), branch

    async def ask(self, method, uri, headers, body="", on_provisional=None, on_sent=None):
        """Sends a request, answers a challenge; gives the final response, the branch and the number it came with."""
        credentials = []
        for _ in range(3):
            self.cseq += 1
            cseq = self.cseq
            queue, branch = await self.request(method, uri, headers + credentials + [f"CSeq: {cseq} {method}"], body)
            if on_sent:
                on_sent(branch, cseq)
            while True:
                response = await asyncio.wait_for(queue.get(), 40)
                if response.status >= 200:
                    break
                if on_provisional:
                    on_provisional(response)
            if response.status not in (401, 407) or credentials:
                return response, branch, cseq
            if method == "INVITE":
                await self.acknowledge_failure(uri, headers, response, branch, cseq)
            credentials = [self.credentials(method, uri, response)]
        raise AssertionError("challenged again and again")

    async def acknowledge_failure(self, uri, headers, response, branch, cseq):
        kept = [h for h in headers if h.lower().startswith(("from:", "call-id:"))]
        await self.request("ACK", uri, kept + [f"To: {response['to']}", f"CSeq: {cseq} ACK"], branch=branch, sends_only=True)

    def credentials(self, method, uri, response):
        name = "www-authenticate" if response.status == 401 else "proxy-authenticate"
        fields = dict(re.findall(r'(\w+)="?([^",]+)"?', response[name]))
        def digest(text):
            return hashlib.md5(text.encode()).hexdigest()
        first = digest(f"{self.user}:{fields['realm']}:{self.secret}")
        nc, cnonce = "00000001", token()
        answer = digest(f"{first}:{fields['nonce']}:{nc}:{cnonce}:auth:" + digest(f"{method}:{uri}"))
        field = "Authorization" if response.status == 401 else "Proxy-Authorization"
        return (
            f'{field}: Digest username="{self.user}", realm="{fields["realm"]}", nonce="{fields["nonce"]}", uri="{uri}", '
            f'response="{answer}", qop=auth, nc={nc}, cnonce="{cnonce}", algorithm=MD5'
        )

    async def register(self, expires=600):
        self.register_id = getattr(self, "register_id", token(16))
        uri = f"sip:{self.domain}"
        headers = [
            f"From: <sip:{self.user}@{self.domain}>;tag={token()}", f"To: <sip:{self.user}@{self.domain}>",
            f"Call-ID: {self.register_id}", "Supported: path, gruu, outbound",
            f'Contact: {self.contact};+sip.instance="<urn:uuid:{self.instance}>";reg-id=1;expires={expires}',
        ]
        response, _, _ = await self.ask("REGISTER", uri, headers)
        return response

    async def respond(self, request, status, reason, body="", headers=(), tag=""):
        to = request["to"] + (f";tag={tag}" if tag and "tag=" not in request["to"] else "")
        lines = [f"SIP/2.0 {status} {reason}"] + [f"Via: {via}" for via in request.headers["via"]]
        lines += [f"From: {request['from']}", f"To: {to}", f"Call-ID: {request['call-id']}", f"CSeq: {request['cseq']}"]
        lines += list(headers) + [f"Content-Length: {len(body.encode())}", "", body]
        await self.send("\r\n".join(lines))


class Call:
    """One dialog, made or taken."""

    def __init__(self, phone):
        self.phone = phone
        self.tag = token()
        self.call_id = token(20)
        self.provisional = []

    async def invite(self, number, offer, on_provisional=None):
        """Calls a number; gives the final response."""
        phone = self.phone
        self.local = f"<sip:{phone.user}@{phone.domain}>;tag={self.tag}"
        self.target = f"sip:{number}@{phone.domain}"
        headers = [
            f"From: {self.local}", f"To: <{self.target}>", f"Call-ID: {self.call_id}", f"Contact: {phone.contact}",
            "Content-Type: application/sdp", "Supported: outbound, gruu",
        ]
        def provisional(response):
            self.provisional.append(response)
            if on_provisional:
                on_provisional(response)
        response, branch, cseq = await phone.ask("INVITE", self.target, headers, offer, provisional)
        if response.status >= 300:
            await phone.acknowledge_failure(self.target, headers, response, branch, cseq)
            return response
        self.remote = response["to"]
        self.remote_target = re.search(r"<([^>]+)>", response["contact"]).group(1)
        await self.in_dialog("ACK", cseq=cseq)
        return response

    async def accept(self, request, answer):
        """Answers a call that came in."""
        self.call_id = request["call-id"]
        self.remote = request["from"]
        self.remote_target = re.search(r"<([^>]+)>", request["contact"]).group(1)
        self.local = request["to"] + f";tag={self.tag}"
        await self.phone.respond(
            request, 200, "OK", answer, [f"Contact: {self.phone.contact}", "Content-Type: application/sdp"], self.tag)

    def headers(self):
        return [f"From: {self.local}", f"To: {self.remote}", f"Call-ID: {self.call_id}", f"Contact: {self.phone.contact}"]

    async def in_dialog(self, method, headers=(), body="", cseq=None):
        """Sends a request of the dialog; gives its final response, nothing for an ACK."""
        if method == "ACK":
            await self.phone.request("ACK", self.remote_target, self.headers() + [f"CSeq: {cseq} ACK"], sends_only=True)
            return None
        response, branch, cseq = await self.phone.ask(method, self.remote_target, self.headers() + list(headers), body)
        if method == "INVITE" and response.status < 300:
            await self.in_dialog("ACK", cseq=cseq)
        return response

    async def bye(self):
        return await self.in_dialog("BYE")
