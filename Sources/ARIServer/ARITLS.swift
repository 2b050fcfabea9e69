public import NIOSSL

/// Makes TLS contexts from certificates in PEM. TLS 1.2 and 1.3 are spoken, nothing older.
public enum ARITLS {
    /// Reads the PEM files at the paths: the server's certificate, then the chain, and its key, not encrypted.
    ///
    /// - Throws: `NIOSSLError` when they can't be read or don't belong together.
    public static func configuration(certificatePath: String, privateKeyPath: String) throws -> TLSConfiguration {
        let chain = try NIOSSLCertificate.fromPEMFile(certificatePath).map { NIOSSLCertificateSource.certificate($0) }
        let key = try NIOSSLPrivateKey(file: privateKeyPath, format: .pem)
        return modern(.makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(key)))
    }

    /// The same from what the files hold.
    public static func configuration(certificatePEM: [UInt8], privateKeyPEM: [UInt8]) throws -> TLSConfiguration {
        let chain = try NIOSSLCertificate.fromPEMBytes(certificatePEM).map { NIOSSLCertificateSource.certificate($0) }
        let key = try NIOSSLPrivateKey(bytes: privateKeyPEM, format: .pem)
        return modern(.makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(key)))
    }

    private static func modern(_ configuration: TLSConfiguration) -> TLSConfiguration {
        var configuration = configuration
        configuration.minimumTLSVersion = .tlsv12
        return configuration
    }
}
