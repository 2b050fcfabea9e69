extension Configuration {
    /// The dialplan context that holds the dialplan applications.
    public static let applicationsContext = "applications"
    /// The context that includes them, so that phones reach them; it is the default context of extensions.
    public static let internalContext = "internal"
    /// The name of the generated dialplan file.
    public static let applicationsFileName = "dialplanApplications"

    /// The dialplan to load: the files, then one generated from the dialplan applications if there are any.
    public var compiledDialplan: [DialplanFile] {
        guard !dialplanApplications.isEmpty else { return dialplan }
        return dialplan + [DialplanFile(name: Self.applicationsFileName, text: applicationsText)]
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

    /// The extension with the `_` that makes it a pattern when it has an `X` among digits.
    private var dialplanPattern: String {
        let digits = `extension`.utf8.allSatisfy { $0.isASCIIDigit || "*#+X".utf8.contains($0) }
        return digits && `extension`.contains("X") ? "_\(`extension`)" : `extension`
    }
}
