/// Tells passwords that somebody would guess soon.
public enum WeakPassword {
    private static let common: Set<String> = [
        "password", "passw0rd", "asterisk", "changeme", "12345678", "123456789", "1234567890", "qwertyuiop", "letmein123", "iloveyou1",
        "administrator", "welcome123", "your-ari-password",
    ]

    /// Whether a password is easy to guess: short, common, made of few characters, or of the user's name.
    public static func matches(_ password: String, name: String) -> Bool {
        let small = password.lowercased()
        if !name.isEmpty, small.contains(name.lowercased()) { return true }
        return password.count < 8 || common.contains(small) || Set(small).count < 4
    }
}
