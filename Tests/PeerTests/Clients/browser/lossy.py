"""A bad network: relays datagrams between a browser and the server, loses some and delays the others."""
import asyncio, random


class Detour(asyncio.DatagramProtocol):
    """Stands before one port of the server."""

    def __init__(self, server, loss, jitter_ms, seed):
        self.server, self.loss, self.jitter_ms = server, loss, jitter_ms
        self.random = random.Random(seed)
        self.browser = None
        self.is_dead = False
        self.passed = self.lost = 0

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, source):
        if source == self.server:
            target = self.browser
        else:
            self.browser = source
            target = self.server
        if self.is_dead or target is None:
            return
        if self.random.random() < self.loss:
            self.lost += 1
            return
        self.passed += 1
        delay = self.random.random() * self.jitter_ms / 1000
        asyncio.get_running_loop().call_later(delay, self.transport.sendto, data, target)


class Network:
    """Opens a detour for each port of the server that a description names."""

    def __init__(self, loss=0.0, jitter_ms=0.0, seed=1):
        self.loss, self.jitter_ms, self.seed = loss, jitter_ms, seed
        self.detours = {}

    async def port(self, server_port):
        """Gives the port before a port of the server."""
        if server_port not in self.detours:
            transport, detour = await asyncio.get_running_loop().create_datagram_endpoint(
                lambda: Detour(("127.0.0.1", server_port), self.loss, self.jitter_ms, self.seed), local_addr=("127.0.0.1", 0))
            self.detours[server_port] = detour
        return self.detours[server_port].transport.get_extra_info("sockname")[1]

    def cut(self):
        """Lets all that is there go dead; who asks again gets another way."""
        for detour in self.detours.values():
            detour.is_dead = True
        self.detours = {}
