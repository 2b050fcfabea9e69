import ARIModel
import Crypto
import Foundation
import HTTPTypes
import NIOSSL
import Store

/// Taking a certificate that an administrator sends, and going back to the self-signed one.
struct CertificateOperations: Sendable {
    let environment: ConsoleEnvironment
    let blocking: Blocking

    /// The folder of certificates in the data folder.
    private static let folder = "tls"

    var all: [AdminOperation] {
        [
            AdminOperation(
                .put, "/certificate", "Takes a certificate with its key, both as PEM; it is in force at once.", body: "Certificate",
                status: 204
            ) { call in
                let (chain, key) = (try call.text("certificate"), try call.text("key"))
                let paths = try await blocking.run { try store(Data(chain.utf8), Data(key.utf8)) }
                try await use(certificate: paths.certificate, key: paths.key)
                return .noContent
            },
            AdminOperation(.delete, "/certificate", "Goes back to the certificate that the server makes itself.", status: 204) { _ in
                try await use(certificate: "", key: "")
                return .noContent
            },
        ]
    }

    /// Checks both and puts them into files named after what they hold, so that one that is in use is never changed.
    private func store(_ chain: Data, _ key: Data) throws -> (certificate: String, key: String) {
        try check(chain, key)
        let name = SHA256.hash(data: chain + key).prefix(6).map { String(format: "%02x", $0) }.joined()
        let folder = "\(environment.store.folder)/\(Self.folder)"
        let paths = ("\(Self.folder)/own-\(name).crt", "\(Self.folder)/own-\(name).key")
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            let keyPath = "\(environment.store.folder)/\(paths.1)"
            // Nobody else may read it, not even for a moment.
            _ = FileManager.default.createFile(atPath: keyPath, contents: nil, attributes: [.posixPermissions: 0o600])
            let file = try FileHandle(forWritingTo: URL(fileURLWithPath: keyPath))
            try file.truncate(atOffset: 0)
            try file.write(contentsOf: key)
            try file.close()
            try chain.write(to: URL(fileURLWithPath: "\(environment.store.folder)/\(paths.0)"), options: .atomic)
        } catch {
            throw AdminError(503, "The certificate can't be stored: \(error.localizedDescription)")
        }
        return paths
    }

    private func check(_ chain: Data, _ key: Data) throws {
        func fault(_ path: String, _ message: String, _ advice: String) -> AdminError {
            .wrong([.init(path: path, message: message, advice: advice)])
        }
        guard let certificates = try? NIOSSLCertificate.fromPEMBytes(Array(chain)), let first = certificates.first else {
            throw fault(
                "certificate", "is no certificate in PEM",
                "Send the text that begins with -----BEGIN CERTIFICATE-----, its intermediates behind it.")
        }
        guard let privateKey = try? NIOSSLPrivateKey(bytes: Array(key), format: .pem) else {
            throw fault("key", "is no private key in PEM without a password", "Send the text that begins with -----BEGIN PRIVATE KEY-----.")
        }
        let now = time(nil)
        guard first.notValidAfter > now else { throw fault("certificate", "has ended", "Renew it first.") }
        let sources = certificates.map { NIOSSLCertificateSource.certificate($0) }
        let configuration = TLSConfiguration.makeServerConfiguration(certificateChain: sources, privateKey: .privateKey(privateKey))
        guard (try? NIOSSLContext(configuration: configuration)) != nil else {
            throw fault("key", "is not that of the certificate", "Send the key with which the certificate was made.")
        }
    }

    private func use(certificate: String, key: String) async throws {
        let edit = SettingsEdit.merge(path: "http", .map([.init("certificate", .text(certificate)), .init("key", .text(key))]))
        _ = try await environment.edit(edit, on: blocking)
    }
}
