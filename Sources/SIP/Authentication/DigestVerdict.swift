/// What the credentials of a request are worth.
public enum DigestVerdict: Sendable, Equatable {
    /// The user has proved the secret. Whether the user may do what is asked is another question.
    case accepted(user: String)
    /// No credentials for this realm, or of an algorithm that was not offered: challenge.
    case missing
    /// Right, but for a nonce that is too old or not ours: challenge with `stale=true`, and the client answers without asking anybody.
    case stale(user: String)
    /// Wrong: an unknown user or a wrong secret, which look the same.
    ///
    /// - Parameter isChallenged: whether they answer a challenge that was sent to this source, so that the source is not forged.
    case denied(user: String, isChallenged: Bool = true)
    /// Digest credentials that cannot be read: 400.
    case malformed(reason: String)
}
