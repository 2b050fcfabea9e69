/// The version of this program.
enum ProductVersion {
    static let text = "0.1.0"
    /// As programs expect it that ask for the version of the reference.
    static let asReference = "Asterisk 22.0.0 (Arioso \(text))"
}
