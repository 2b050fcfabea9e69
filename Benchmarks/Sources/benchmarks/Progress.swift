import Foundation

/// Tells on standard error what is being done; standard output has the figures alone.
func progress(_ text: String) {
    FileHandle.standardError.write(Data("bench: \(text)\n".utf8))
}
