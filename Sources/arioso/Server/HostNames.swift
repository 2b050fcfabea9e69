import Foundation

/// The names and addresses under which this machine can be reached, for the self-signed certificate.
enum HostNames {
    static var ofThisMachine: [String] {
        var names = [ProcessInfo.processInfo.hostName, "localhost", "127.0.0.1", "::1"]
        if names[0].isEmpty || names[0] == "localhost" { names.removeFirst() }
        return names
    }

    /// What to write in a URL for this machine.
    static var preferred: String { ofThisMachine.first ?? "localhost" }
}
