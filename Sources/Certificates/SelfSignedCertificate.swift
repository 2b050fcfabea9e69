internal import Crypto
internal import Foundation
internal import SwiftASN1
internal import X509

/// A certificate that an installation makes for itself until its owner provides one.
///
/// Programs have to be told to trust `certificate.pem`. The key is ECDSA on P-256.
public struct SelfSignedCertificate: Sendable, Equatable {
    /// The PEM file with the certificate.
    public let certificatePath: String
    /// The PEM file with the private key; only its owner may read it.
    public let keyPath: String
    /// It was made now, because there was none that could be used.
    public let isNew: Bool

    /// How long a certificate is good for. Nobody but its maker has to trust it, so it need not be as short as a public one.
    static let validDays = 730
    /// A certificate is replaced when it ends within so many days.
    static let renewDays = 30
    /// More names make no sense in one certificate.
    static let maxNames = 100

    /// Finds the certificate of a folder, or makes one: when there is none, when it cannot be read, when it ends within
    /// 30 days, and when it lacks one of the names.
    ///
    /// - Parameters:
    ///   - folder: where `certificate.pem` and `key.pem` lie; made with mode 0700 when it does not exist.
    ///   - names: DNS names and numeric addresses by which the system is reached; the first is the certificate's name.
    ///   - now: the present time in seconds since 1970.
    /// - Throws: `CertificateFileError` with the path and the reason.
    public static func ensure(
        in folder: String, names: [String], now: Int
    ) throws(CertificateFileError) -> SelfSignedCertificate {
        let certificatePath = "\(folder)/certificate.pem"
        let keyPath = "\(folder)/key.pem"
        let names = Array(names.filter { !$0.isEmpty }.prefix(maxNames))
        let now = Date(timeIntervalSince1970: TimeInterval(now))
        if isUsable(certificatePath: certificatePath, keyPath: keyPath, names: names, now: now) {
            return SelfSignedCertificate(certificatePath: certificatePath, keyPath: keyPath, isNew: false)
        }
        let made: (certificate: String, key: String)
        do {
            made = try make(names: names, now: now)
        } catch {
            throw CertificateFileError(path: certificatePath, reason: "it could not be made: \(error)")
        }
        try PrivateFile.write(made.key, to: keyPath, in: folder)
        try PrivateFile.write(made.certificate, to: certificatePath, in: folder)
        return SelfSignedCertificate(certificatePath: certificatePath, keyPath: keyPath, isNew: true)
    }

    // MARK: Checking

    private static func isUsable(certificatePath: String, keyPath: String, names: [String], now: Date) -> Bool {
        guard let text = try? String(contentsOfFile: certificatePath, encoding: .utf8),
            let keyText = try? String(contentsOfFile: keyPath, encoding: .utf8),
            let certificate = try? Certificate(pemEncoded: text),
            let key = try? Certificate.PrivateKey(pemEncoded: keyText), key.publicKey == certificate.publicKey
        else { return false }
        let soon = now.addingTimeInterval(TimeInterval(renewDays * 86_400))
        guard certificate.notValidBefore <= now, certificate.notValidAfter > soon else { return false }
        let known = try? certificate.extensions.subjectAlternativeNames
        return generalNames(names).allSatisfy { known?.contains($0) ?? false }
    }

    // MARK: Making

    private static func make(names: [String], now: Date) throws -> (certificate: String, key: String) {
        let key = P256.Signing.PrivateKey()
        let subject = try DistinguishedName { CommonName(names.first ?? "Arioso") }
        let alternatives = generalNames(names)
        let extensions = try Certificate.Extensions {
            // Whoever trusts it trusts this server alone, not certificates that its key might sign.
            Critical(BasicConstraints.notCertificateAuthority)
            // Without KeyUsage: programs with BoringSSL, told to trust this certificate, ask whether it may sign itself.
            try ExtendedKeyUsage([.serverAuth])
            if !alternatives.isEmpty { SubjectAlternativeNames(alternatives) }
        }
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: Certificate.PublicKey(key.publicKey),
            // An hour of grace for clocks that are behind.
            notValidBefore: now.addingTimeInterval(-3_600),
            notValidAfter: now.addingTimeInterval(TimeInterval(validDays * 86_400)), issuer: subject, subject: subject,
            signatureAlgorithm: .ecdsaWithSHA256, extensions: extensions, issuerPrivateKey: Certificate.PrivateKey(key))
        return (try certificate.serializeAsPEM().pemString + "\n", key.pemRepresentation + "\n")
    }

    /// Tells addresses from names (RFC 5280 section 4.2.1.6).
    private static func generalNames(_ names: [String]) -> [GeneralName] {
        var seen: Set<String> = []
        return names.filter { seen.insert($0.lowercased()).inserted }.map { name in
            guard let bytes = NumericAddress.bytes(of: name) else { return .dnsName(name.lowercased()) }
            return .ipAddress(ASN1OctetString(contentBytes: bytes[...]))
        }
    }
}

/// Why a certificate could not be made or kept.
public struct CertificateFileError: Error, Sendable, Equatable, CustomStringConvertible {
    public let path: String
    public let reason: String

    /// Gives one sentence with the path, the reason and what to do.
    public var description: String {
        "The certificate \(path) cannot be used: \(reason). Correct the permissions of its folder, or set http.certificate and http.key."
    }
}
