import CallCore
import Foundation
import NIOSSL
import Testing

@testable import ARIServer

private let ping = "GET /ari/asterisk/ping?api_key=conf:conf HTTP/1.1\r\nHost: h\r\n\r\n"

@Suite("TLS", .timeLimit(.minutes(1)))
struct TLSTests {
    /// Makes a certificate for a name with the openssl command; nil, with a warning, where there is none.
    private func makeCertificate(_ name: String) throws -> NIOSSLContext? {
        let openssl = "/usr/bin/openssl"
        guard FileManager.default.isExecutableFile(atPath: openssl) else {
            Issue.record("SKIPPED: no \(openssl) to make a certificate with", severity: .warning)
            return nil
        }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: openssl)
        process.arguments =
            ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1", "-subj", "/CN=\(name)"]
            + ["-keyout", "\(folder)/key.pem", "-out", "\(folder)/certificate.pem"]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return try NIOSSLContext(
            configuration: ARITLS.configuration(certificatePath: "\(folder)/certificate.pem", privateKeyPath: "\(folder)/key.pem"))
    }

    private func clientContext() throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .none
        return try NIOSSLContext(configuration: configuration)
    }

    @Test("Requests and event sockets go over TLS, also after the certificate was replaced")
    func exchange() async throws {
        guard let first = try makeCertificate("first"), let second = try makeCertificate("second") else { return }
        let tls = try clientContext()
        try await TestServer.run(isEncrypted: true) { test in
            await change(test) { $0.server.tlsContext = first }
            let client = try await RawClient(port: await test.port, tls: tls)
            #expect(try await client.ask(ping).status == 200)
            let document = try await client.ask("GET /ari/api-docs/sounds.json?api_key=conf:conf HTTP/1.1\r\nHost: pbx\r\n\r\n")
            #expect(document.body.contains(#""basePath":"https://pbx/ari""#))

            await change(test) { $0.server.tlsContext = second }
            #expect(try await client.ask(ping).status == 200)
            let socket = try await RawClient(port: await test.port, tls: tls)
            #expect(try await socket.ask(TestServer.upgrade("app=a")).status == 101)
            #expect(try await socket.text().contains("ApplicationRegistered"))
            try await socket.sendText(#"{"type":"RESTRequest","method":"GET","uri":"asterisk/ping"}"#)
            #expect(try await socket.text().contains(#""status_code":200"#))
        }
    }

    @Test("Clients that speak no TLS, or come before there is a certificate, are let go")
    func withoutTLS() async throws {
        guard let context = try makeCertificate("server") else { return }
        let tls = try clientContext()
        try await TestServer.run(isEncrypted: true) { test in
            let early = try await RawClient(port: await test.port)
            #expect(await early.untilClosed().isEmpty)
            await change(test) { $0.server.tlsContext = context }
            let plain = try await RawClient(port: await test.port)
            try? await plain.send(ping)
            _ = await plain.untilClosed()
            let client = try await RawClient(port: await test.port, tls: tls)
            #expect(try await client.ask(ping).status == 200)
        }
    }

    @Test("A key that does not belong to the certificate is refused")
    func wrongPEM() {
        #expect(throws: (any Error).self) { try ARITLS.configuration(certificatePEM: Array("x".utf8), privateKeyPEM: Array("y".utf8)) }
    }
}
