/// Finds the end of each response of a keep-alive connection by its Content-Length.
struct HTTPResponseFrame {
    private var head: [UInt8] = []
    private var bodyLeft: Int?

    /// Takes received bytes, of one response at most; tells whether it is complete.
    ///
    /// - Throws: another status than 200, or no Content-Length.
    mutating func take(_ bytes: UnsafeRawBufferPointer) throws -> Bool {
        if let left = bodyLeft {
            bodyLeft = left - bytes.count
        } else {
            head += bytes
            guard let end = endOfHead() else { return false }
            bodyLeft = try Self.contentLength(head[..<end]) - (head.count - end)
        }
        guard bodyLeft == 0 else { return false }
        bodyLeft = nil
        head.removeAll(keepingCapacity: true)
        return true
    }

    private func endOfHead() -> Int? {
        let mark: [UInt8] = [13, 10, 13, 10]
        guard head.count >= mark.count else { return nil }
        for start in 0...head.count - mark.count where head[start] == 13 && head[start..<start + mark.count].elementsEqual(mark) {
            return start + mark.count
        }
        return nil
    }

    private static func contentLength(_ head: ArraySlice<UInt8>) throws -> Int {
        let lines = head.split(whereSeparator: { $0 == 13 || $0 == 10 })
        guard let first = lines.first, first.starts(with: "HTTP/1.1 200".utf8) else {
            throw BenchmarkError("response \(String(decoding: lines.first ?? [], as: UTF8.self))")
        }
        for line in lines.dropFirst() {
            guard line.count > 15, line.prefix(15).map({ $0 | 0x20 }).elementsEqual("content-length:".utf8) else { continue }
            if let length = Int(String(decoding: line.dropFirst(15), as: UTF8.self).drop { $0 == " " }) { return length }
        }
        throw BenchmarkError("a response without Content-Length")
    }
}
