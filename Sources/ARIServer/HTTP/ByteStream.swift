import CallCore

/// A body that is read piece by piece while it is sent, such as a file.
public struct ByteStream: Sendable {
    public let contentType: String
    public let byteCount: Int
    /// Gives what follows; no bytes when it can't be read to its end.
    let next: @CallActor @Sendable () async -> [UInt8]

    public init(contentType: String, byteCount: Int, next: @escaping @CallActor @Sendable () async -> [UInt8]) {
        self.contentType = contentType
        self.byteCount = byteCount
        self.next = next
    }
}
