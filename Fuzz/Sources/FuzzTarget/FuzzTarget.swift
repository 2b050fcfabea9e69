import Glibc

/// A function that random input is fed to; mark the conforming type `@main`.
///
/// A trap, a broken `precondition` or an access outside of memory stops the run and keeps the input.
public protocol FuzzTarget {
    /// Does with one input everything that must never trap.
    static func test(_ input: UnsafeRawBufferPointer)
}

/// libFuzzer's entry point for programs that have a main function of their own.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<Int32>, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

// Unsafe: written once before the driver starts; a C callback can capture nothing.
nonisolated(unsafe) private var current: (UnsafeRawBufferPointer) -> Void = { _ in }

extension FuzzTarget {
    /// Hands the program over to libFuzzer, with the program's arguments.
    public static func main() {
        current = test
        // An input that takes 10 s counts as a fault; an argument of the caller overrides it.
        var words = CommandLine.arguments
        words.insert("-timeout=10", at: min(1, words.count))
        // Never freed: the driver keeps the arguments until the program ends.
        let arguments = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: words.count + 1)
        for (index, word) in words.enumerated() { arguments[index] = copy(word) }
        arguments[words.count] = nil
        var count = Int32(words.count)
        var start: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = arguments
        let status = runDriver(&count, &start) { bytes, count in
            current(UnsafeRawBufferPointer(start: bytes, count: count))
            return 0
        }
        exit(status)
    }

    private static func copy(_ word: String) -> UnsafeMutablePointer<CChar> {
        let text = word.utf8CString
        let copy = UnsafeMutableBufferPointer<CChar>.allocate(capacity: text.count)
        _ = copy.initialize(from: text)
        return copy.baseAddress.unsafelyUnwrapped
    }
}
