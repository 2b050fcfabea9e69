import NIOCore
import NIOPosix
import SIP

/// Challenges each REGISTER once, and accepts credentials of one user when told to.
final class FakeRegistrar: ChannelInboundHandler, Sendable {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>
    typealias OutboundOut = AddressedEnvelope<ByteBuffer>

    let user: String
    /// Whether credentials of the user are accepted; otherwise all are challenged again.
    let accepts: Bool

    init(user: String, accepts: Bool) {
        self.user = user
        self.accepts = accepts
    }

    /// Listens on a free port of 127.0.0.1.
    func open() async throws -> any Channel {
        try await DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { $0.pipeline.addHandler(self) }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = Self.unwrapInboundIn(data)
        let result = envelope.data.withUnsafeReadableBytes { SIPParser.parse(datagram: $0) }
        guard case .message(.request(let request)) = result else { return }
        let bytes = response(to: request).encoded()
        context.writeAndFlush(
            Self.wrapOutboundOut(AddressedEnvelope(remoteAddress: envelope.remoteAddress, data: ByteBuffer(bytes: bytes))), promise: nil)
    }

    private func response(to request: SIPRequest) -> SIPResponse {
        guard accepts, request.headers["Authorization"]?.contains("username=\"\(user)\"") == true else {
            var response = request.response(401, toTag: "fake")
            response.headers.add("WWW-Authenticate", #"Digest realm="test",nonce="abc",qop="auth",algorithm=MD5"#)
            return response
        }
        var response = request.response(200, toTag: "fake")
        for contact in request.headers.all("Contact") { response.headers.add("Contact", "\(contact);expires=60") }
        return response
    }
}
