import ARIServer
import Certificates
import Crypto
import Foundation
import NIOSSL
import Store

/// The certificate for all of the server's TLS: the configured one, or one that it made itself on the first start.
struct ServerCertificate {
    let configuration: TLSConfiguration
    let context: NIOSSLContext
    let isSelfSigned: Bool
    /// SHA-256 over the certificate, as browsers show it.
    let fingerprint: String
    let endsMs: Int64?
    private let path: String
    private let keyPath: String
    private let stamp: [Date?]

    /// - Throws: why it can't be used.
    init(_ settings: Configuration.HTTP, in store: Store) throws {
        isSelfSigned = settings.certificate.isEmpty
        if isSelfSigned {
            let made = try SelfSignedCertificate.ensure(
                in: "\(store.folder)/tls", names: HostNames.ofThisMachine, now: Int(Date().timeIntervalSince1970))
            (path, keyPath) = (made.certificatePath, made.keyPath)
        } else {
            (path, keyPath) = (store.absolutePath(settings.certificate), store.absolutePath(settings.key))
        }
        stamp = Self.stamp(path, keyPath)
        configuration = try ARITLS.configuration(certificatePath: path, privateKeyPath: keyPath)
        context = try NIOSSLContext(configuration: configuration)
        let first = try NIOSSLCertificate.fromPEMFile(path).first
        fingerprint =
            try first.map { certificate in
                SHA256.hash(data: try certificate.toDERBytes()).map { String(format: "%02X", $0) }.joined(separator: ":")
            } ?? ""
        endsMs = first.map { Int64($0.notValidAfter) * 1_000 }
    }

    /// Whether somebody put other files in their place, as a renewal does.
    var hasChanged: Bool { Self.stamp(path, keyPath) != stamp }

    private static func stamp(_ paths: String...) -> [Date?] {
        paths.map { try? FileManager.default.attributesOfItem(atPath: $0)[.modificationDate] as? Date }
    }
}
