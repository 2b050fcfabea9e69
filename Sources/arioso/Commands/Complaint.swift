import ArgumentParser
import Foundation

/// Writes one line to standard error.
func complain(_ text: String) {
    FileHandle.standardError.write(Data("\(text)\n".utf8))
}

extension ExitCode {
    /// The input was not right (sysexits EX_DATAERR).
    static let dataError = ExitCode(65)
    /// A service could not be had (sysexits EX_UNAVAILABLE).
    static let unavailable = ExitCode(69)
}

/// Runs `body`; an error becomes a line for the person and an exit code for the script.
func failing<T>(with code: ExitCode, _ body: () throws -> T) throws -> T {
    do {
        return try body()
    } catch let exit as ExitCode {
        throw exit
    } catch {
        complain("arioso: \(error)")
        throw code
    }
}
