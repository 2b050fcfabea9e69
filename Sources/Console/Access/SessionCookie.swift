/// The cookie that carries a session. HTTP and HTTPS have one each: a browser lets neither overwrite the other's.
enum SessionCookie {
    static func name(isEncrypted: Bool) -> String { isEncrypted ? "arioso_session_tls" : "arioso_session" }

    static func text(_ id: String, isEncrypted: Bool) -> String {
        attributes("\(name(isEncrypted: isEncrypted))=\(id)", isEncrypted, seconds: Int(AdminSessions.longestMs / 1_000))
    }

    static func expired(isEncrypted: Bool) -> String { attributes("\(name(isEncrypted: isEncrypted))=", isEncrypted, seconds: 0) }

    private static func attributes(_ pair: String, _ isEncrypted: Bool, seconds: Int) -> String {
        "\(pair); Path=/; Max-Age=\(seconds); HttpOnly; SameSite=Strict" + (isEncrypted ? "; Secure" : "")
    }
}
