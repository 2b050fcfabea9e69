/// A value that writes itself as one JSON value.
public protocol JSONWritable {
    /// Appends the value to `writer` as exactly one JSON value.
    func write(to writer: inout JSONWriter)
}

extension JSONWritable {
    /// Encodes the value alone.
    ///
    /// - Parameter capacity: Bytes to reserve before writing.
    /// - Returns: The UTF-8 bytes of the compact JSON text.
    public func encodedJSON(capacity: Int = 256) -> [UInt8] {
        var writer = JSONWriter(capacity: capacity)
        write(to: &writer)
        return writer.bytes
    }
}
