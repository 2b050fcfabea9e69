import Crypto
import Foundation
import SwiftASN1
import Testing
import X509

@testable import Certificates

@Suite("Self-signed certificates")
struct SelfSignedCertificateTests {
    let folder = FileManager.default.temporaryDirectory.appending(path: "arioso-\(UUID().uuidString)/tls").path
    let now = 1_790_000_000
    let names = ["pbx.example", "localhost", "127.0.0.1", "::1", "localhost"]

    private func remove() { try? FileManager.default.removeItem(at: URL(fileURLWithPath: folder).deletingLastPathComponent()) }

    @Test("One is made for its owner alone, with every name and address")
    func made() throws {
        defer { remove() }
        let made = try SelfSignedCertificate.ensure(in: folder, names: names, now: now)
        #expect(made.isNew)
        for path in [made.certificatePath, made.keyPath] {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        }
        let certificate = try Certificate(pemEncoded: String(contentsOfFile: made.certificatePath, encoding: .utf8))
        let key = try Certificate.PrivateKey(pemEncoded: String(contentsOfFile: made.keyPath, encoding: .utf8))
        #expect(key.publicKey == certificate.publicKey)
        #expect(certificate.publicKey.isValidSignature(certificate.signature, for: certificate))
        #expect(certificate.subject.description == "CN=pbx.example")
        let alternatives = try #require(try certificate.extensions.subjectAlternativeNames)
        #expect(alternatives.count == 4)
        #expect(alternatives.contains(.dnsName("localhost")))
        #expect(certificate.notValidAfter == Date(timeIntervalSince1970: TimeInterval(now + 730 * 86_400)))
    }

    @Test(
        "It is kept while it is good, and made anew when it is not",
        arguments: [
            (0, ["pbx.example"], false), (699, ["localhost", "127.0.0.1"], false), (701, ["localhost"], true),
            (-1, ["localhost"], true), (0, ["other.example"], true), (0, ["10.0.0.1"], true), (0, ["PBX.example"], false),
        ])
    func renewal(days: Int, names: [String], isNew: Bool) throws {
        defer { remove() }
        _ = try SelfSignedCertificate.ensure(in: folder, names: self.names, now: now)
        #expect(try SelfSignedCertificate.ensure(in: folder, names: names, now: now + days * 86_400).isNew == isNew)
    }

    @Test("Damaged files are replaced", arguments: ["certificate.pem", "key.pem"])
    func damaged(name: String) throws {
        defer { remove() }
        _ = try SelfSignedCertificate.ensure(in: folder, names: names, now: now)
        try Data("x".utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
        #expect(try SelfSignedCertificate.ensure(in: folder, names: names, now: now).isNew)
        #expect(try !SelfSignedCertificate.ensure(in: folder, names: names, now: now).isNew)
    }

    @Test("A folder that cannot be made is told with its path")
    func unusable() {
        let error = #expect(throws: CertificateFileError.self) {
            try SelfSignedCertificate.ensure(in: "/dev/null/tls", names: [], now: now)
        }
        #expect(error?.description.contains("/dev/null/tls") == true)
    }
}
