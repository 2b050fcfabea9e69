public import ARIModel
import CallCore

/// The log files that clients add and remove (ARI resource `asterisk`, logging).
public protocol LogChannels: AnyObject, Sendable {
    /// Where log lines go now, those that can't be changed included.
    var all: [LogChannel] { get }
    /// Writes lines of some levels, by ARI's names, to a file from now on.
    func add(_ name: String, levels: [String]) throws(LogChannelProblem)
    /// Ends a file; it stays on the disk.
    /// - Returns: false when there is none of that name.
    func remove(_ name: String) -> Bool
    /// Puts a file aside and begins a new one.
    /// - Returns: false when there is none of that name.
    func rotate(_ name: String) -> Bool
}

/// Why a log file can't be added.
public enum LogChannelProblem: Error, Equatable {
    case exists
    case noKnownLevel
    case badName
    case tooMany
    case notWritable(String)
}

extension ARIHandlers {
    mutating func addLogging(_ logs: any LogChannels) {
        on("asterisk.listLogChannels") { _ in .ok(logs.all) }
        on("asterisk.addLog") { call in
            guard let levels = call.nonEmpty("configuration") else { throw ARIError(400, "Configuration levels are required") }
            do throws(LogChannelProblem) {
                try logs.add(call.path("logChannelName"), levels: splitList(levels).map { $0.uppercased() })
            } catch {
                throw ARIError(error)
            }
            return .noContent
        }
        on("asterisk.deleteLog") { call in
            guard logs.remove(call.path("logChannelName")) else { throw ARIError.noSuchLog }
            return .noContent
        }
        on("asterisk.rotateLog") { call in
            guard logs.rotate(call.path("logChannelName")) else { throw ARIError.noSuchLog }
            return .noContent
        }
    }
}

extension ARIError {
    fileprivate static let noSuchLog = ARIError(404, "Log channel does not exist")

    fileprivate init(_ problem: LogChannelProblem) {
        switch problem {
        case .exists: self.init(409, "Log channel already exists")
        case .noKnownLevel: self.init(400, "Configuration levels are required: DEBUG, VERBOSE, NOTICE, WARNING, ERROR or *")
        case .badName: self.init(400, "A log channel's name has letters, digits, '-', '_' and '.', at most 64")
        case .tooMany: self.init(409, "There are too many log channels")
        case .notWritable(let reason): self.init(500, "The log file can't be written: \(reason)")
        }
    }
}
