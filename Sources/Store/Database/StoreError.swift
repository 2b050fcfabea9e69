internal import GRDB

/// Why the database cannot be used, and what to do about it.
public enum StoreError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The data folder cannot be made or used.
    case folder(path: String, reason: String)
    /// The file is no database, or is damaged.
    case damaged(path: String)
    /// Another process holds the database for longer than the time to wait.
    case locked(path: String)
    case readOnly(path: String)
    case diskFull(path: String)
    case cannotOpen(path: String)
    /// The database was made by a later version.
    case newerVersion(path: String)
    /// Stored values are wrong, because someone changed them by hand.
    case invalid(path: String, ConfigurationErrors)
    /// Another failure of SQLite, with its code and message.
    case other(path: String, code: Int, message: String)

    init(_ error: any Error, path: String) {
        switch error {
        case let error as StoreError: self = error
        case let error as DatabaseError: self = Self.of(error, path: path)
        default: self = .other(path: path, code: 0, message: "\(error)")
        }
    }

    private static func of(_ error: DatabaseError, path: String) -> StoreError {
        switch error.resultCode {
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: .damaged(path: path)
        case .SQLITE_BUSY, .SQLITE_LOCKED: .locked(path: path)
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH: .readOnly(path: path)
        case .SQLITE_FULL: .diskFull(path: path)
        case .SQLITE_CANTOPEN: .cannotOpen(path: path)
        default:
            .other(path: path, code: Int(error.extendedResultCode.rawValue), message: error.message ?? "no message")
        }
    }

    /// Gives one or more lines that say what was wrong, where, and what to do.
    public var description: String {
        switch self {
        case .folder(let path, let reason):
            "The data folder \(path) cannot be used: \(reason). Choose another folder with --data, or correct its permissions."
        case .damaged(let path):
            "\(path) is damaged or is no SQLite database. Restore it from a backup, or move it away to start anew."
        case .locked(let path):
            "\(path) is in use by another process that does not let go. End that process, or try again."
        case .readOnly(let path):
            "\(path) cannot be written. Give this user the right to write the file and its folder."
        case .diskFull(let path):
            "\(path) cannot grow because the disk is full. Free some space."
        case .cannotOpen(let path):
            "\(path) cannot be opened. Check that this user may read and write the file and its folder."
        case .newerVersion(let path):
            "\(path) was made by a later version of Arioso. Use that version, or another data folder."
        case .invalid(let path, let errors):
            "\(path) holds values that cannot be used. Correct them with `arioso apply`:\n\(errors)"
        case .other(let path, let code, let message):
            "\(path) failed with SQLite's code \(code): \(message)."
        }
    }
}
