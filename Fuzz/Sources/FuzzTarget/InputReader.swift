/// Takes an input apart into numbers and pieces; past its end there are zeros and nothing.
public struct InputReader {
    private let input: UnsafeRawBufferPointer
    private var position = 0

    public init(_ input: UnsafeRawBufferPointer) { self.input = input }

    public var isAtEnd: Bool { position >= input.count }

    public mutating func byte() -> UInt8 {
        guard position < input.count else { return 0 }
        defer { position += 1 }
        return input[position]
    }

    /// Reads two bytes, 0...65535.
    public mutating func number() -> Int { Int(byte()) << 8 | Int(byte()) }

    /// Takes up to `count` bytes, copied to memory of exactly that size so that reading past them is seen.
    public mutating func piece(_ count: Int) -> [UInt8] {
        let end = min(position + count, input.count)
        defer { position = end }
        return [UInt8](input[position..<end])
    }
}
