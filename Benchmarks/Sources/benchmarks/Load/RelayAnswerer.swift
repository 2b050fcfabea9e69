import NIOCore
import NIOPosix

/// A SIP server that answers each call with the next port of the relay, so that the same phones load the relay too.
final class RelayAnswerer: Sendable {
    let port: Int
    private let channel: any Channel

    init(relayPorts: [Int]) async throws {
        channel = try await DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AnswerHandler(relayPorts: relayPorts))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        guard let port = channel.localAddress?.port else { throw BenchmarkError("the relay's SIP server has no port") }
        self.port = port
    }

    func close() async throws {
        try await channel.close()
    }
}

private final class AnswerHandler: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>
    typealias OutboundOut = AddressedEnvelope<ByteBuffer>

    private let relayPorts: [Int]
    /// By Call-ID: a repeated INVITE gets the same answer.
    private var given: [String: Int] = [:]

    init(relayPorts: [Int]) {
        self.relayPorts = relayPorts
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = Self.unwrapInboundIn(data)
        let lines = String(buffer: envelope.data).split(separator: "\r\n")
        guard let first = lines.first, first.hasPrefix("INVITE ") || first.hasPrefix("BYE ") else { return }
        var answer = ["SIP/2.0 200 OK"]
        var callID = ""
        for line in lines {
            let name = line.prefix { $0 != ":" }
            guard ["Via", "From", "To", "Call-ID", "CSeq"].contains(String(name)) else { continue }
            if name == "Call-ID" { callID = String(line) }
            answer.append(name == "To" && !line.contains(";tag=") ? line + ";tag=relay" : String(line))
        }
        let body = first.hasPrefix("INVITE ") ? description(port: port(of: callID)) : ""
        answer.append("Contact: <sip:relay@127.0.0.1:\(context.localAddress?.port ?? 0)>")
        if !body.isEmpty { answer.append("Content-Type: application/sdp") }
        answer.append("Content-Length: \(body.utf8.count)")
        let buffer = ByteBuffer(string: answer.joined(separator: "\r\n") + "\r\n\r\n" + body)
        context.writeAndFlush(Self.wrapOutboundOut(AddressedEnvelope(remoteAddress: envelope.remoteAddress, data: buffer)), promise: nil)
    }

    private func port(of callID: String) -> Int {
        if let port = given[callID] { return port }
        let port = relayPorts[given.count % relayPorts.count]
        given[callID] = port
        return port
    }

    private func description(port: Int) -> String {
        [
            "v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0",
            "m=audio \(port) RTP/AVP 0", "a=rtpmap:0 PCMU/8000", "a=sendrecv", "",
        ].joined(separator: "\r\n")
    }
}
