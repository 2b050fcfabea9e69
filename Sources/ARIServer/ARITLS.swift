public import NIOSSL

/// Makes TLS contexts from certificates in PEM.
public enum ARITLS {
    /// - Parameters:
    ///   - certificatePEM: The server's certificate, then the chain.
    ///   - privateKeyPEM: Its key, not encrypted.
    /// - Throws: `NIOSSLError` when they can't be read or don't belong together.
    public static func context(certificatePEM: [UInt8], privateKeyPEM: [UInt8]) throws -> NIOSSLContext {
        let chain = try NIOSSLCertificate.fromPEMBytes(certificatePEM).map { NIOSSLCertificateSource.certificate($0) }
        let key = try NIOSSLPrivateKey(bytes: privateKeyPEM, format: .pem)
        return try NIOSSLContext(configuration: .makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(key)))
    }

    /// Reads the PEM files at the paths; see ``context(certificatePEM:privateKeyPEM:)``.
    public static func context(certificatePath: String, privateKeyPath: String) throws -> NIOSSLContext {
        let chain = try NIOSSLCertificate.fromPEMFile(certificatePath).map { NIOSSLCertificateSource.certificate($0) }
        let key = try NIOSSLPrivateKey(file: privateKeyPath, format: .pem)
        return try NIOSSLContext(configuration: .makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(key)))
    }
}
