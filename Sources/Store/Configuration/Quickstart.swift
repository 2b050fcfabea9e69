/// Makes passwords.
public enum Secret {
    /// Characters of a generated secret; 32 of 64 kinds carry 192 bits.
    public static let length = 32
    // The base64url alphabet (RFC 4648 section 5) needs no escaping in URLs, shells and YAML.
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// Makes a secret of 32 URL-safe characters.
    public static func random(using generator: inout some RandomNumberGenerator) -> String {
        // `&` keeps the index below 64, the size of the alphabet.
        String(decoding: (0..<length).map { _ in alphabet[Int(generator.next() & 63)] }, as: UTF8.self)
    }
}

extension Configuration {
    /// The configuration for a first try: two phones that can call each other, ARI with one user, and the number 1000,
    /// which enters the ARI application `hello-world`.
    ///
    /// - Parameter secrets: gives a new password at each call, e.g. `Secret.random(using:)`.
    public static func quickstart(secrets: () -> String) -> Configuration {
        var configuration = Configuration.secureDefault
        configuration.ari.enabled = true
        configuration.ari.users = [ARIUser(name: "hello", password: secrets())]
        configuration.extensions = ["201", "202"].map { number in
            var phone = Extension(number: number, secret: secrets())
            phone.callerID = Extension.CallerID(name: "Phone \(number)", number: number)
            return phone
        }
        configuration.dialplanApplications = [
            DialplanApplication(
                extension: "1000", name: "Hello World", steps: ["Answer()", "Stasis(hello-world)", "Hangup()"])
        ]
        return configuration
    }
}
