import Foundation

/// The number of allocations that the library AllocationCounter writes in a file.
struct AllocationCount {
    private let file: FileHandle

    init(_ url: URL) throws {
        file = try FileHandle(forReadingFrom: url)
    }

    /// The number now. The file is the counting process' own memory, so a read is as good as a look into that.
    var value: Int {
        var word: UInt64 = 0
        guard pread(file.fileDescriptor, &word, MemoryLayout<UInt64>.size, 0) == MemoryLayout<UInt64>.size else { return 0 }
        return Int(clamping: word)
    }
}
