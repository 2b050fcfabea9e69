extension Configuration {
    /// The dialplan context that holds the dialplan applications.
    public static let applicationsContext = "applications"
    /// The context that includes them, so that phones reach them; it is the default context of extensions.
    public static let internalContext = "internal"
    /// The name of the generated dialplan file.
    public static let applicationsFileName = "dialplanApplications"

    /// The dialplan to load: the files, then those generated from the dialplan applications, the extensions and the routes if there are
    /// any. What a file has in the context `internal` comes before what it includes.
    public var compiledDialplan: [DialplanFile] {
        var files = dialplan
        if !dialplanApplications.isEmpty { files.append(DialplanFile(name: Self.applicationsFileName, text: applicationsText)) }
        let routing = routingDialplan
        if !routing.isEmpty { files.append(DialplanFile(name: Self.routingFileName, text: routing)) }
        return files
    }

    /// A number as the dialplan writes it: with the `_` that makes it a pattern when it has an `X` among digits.
    static func dialplanPattern(_ number: String) -> String {
        let isDigits = number.utf8.allSatisfy { $0.isASCIIDigit || "*#+X.!".utf8.contains($0) }
        return isDigits && number.utf8.contains(where: { "X.!".utf8.contains($0) }) ? "_\(number)" : number
    }

    private var applicationsText: String {
        let lines = ["[\(Self.applicationsContext)]"] + dialplanApplications.flatMap(\.dialplanLines)
        let include = ["", "[\(Self.internalContext)]", "include => \(Self.applicationsContext)", ""]
        return (lines + include).joined(separator: "\n")
    }
}

extension Configuration.DialplanApplication {
    /// The application as lines of extensions.conf.
    var dialplanLines: [String] {
        steps.enumerated().map { index, line in
            let step = DialplanStep(line)
            // A first line with the priority `n` has nothing to follow.
            let priority = step.priority.isEmpty || (index == 0 && step.priority == "n") ? (index == 0 ? "1" : "n") : step.priority
            return index == 0 ? "exten => \(dialplanPattern),\(priority),\(step.call)" : " same => \(priority),\(step.call)"
        }
    }

    private var dialplanPattern: String { Configuration.dialplanPattern(`extension`) }
}
