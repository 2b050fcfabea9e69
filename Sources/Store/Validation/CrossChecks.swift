extension Configuration {
    /// Finds everything that is wrong or unwise, wherever the values came from.
    ///
    /// - Returns: errors and warnings with key paths, in the order of the keys; none has a file or a position.
    public func problems() -> [ConfigurationProblem] {
        var reader = DocumentReader()
        var copy = Configuration()
        copy.read(document(.everything), path: "", reader: &reader)
        return reader.problems + CrossCheck.problems(of: self, without: reader.problems)
    }
}

/// A rule about several values together.
struct CrossCheck: Sendable {
    /// The keys of the document that it looks at.
    let sections: Set<String>
    let run: @Sendable (Configuration) -> [ConfigurationProblem]

    static let all: [CrossCheck] =
        [
            CrossCheck(sections: ["extensions"]) { configuration in
                duplicates(configuration.extensions.map(\.number), "extensions", "number")
            },
            CrossCheck(sections: ["ari"]) { configuration in
                duplicates(configuration.ari.users.map(\.name), "ari.users", "name")
            },
            CrossCheck(sections: ["ari"]) { configuration in
                duplicates(configuration.ari.outbound.map(\.name), "ari.outbound", "name")
            },
            CrossCheck(sections: ["ami"]) { configuration in
                duplicates(configuration.ami.managers.map(\.name), "ami.managers", "name")
            },
            CrossCheck(sections: ["webSocketClients"]) { configuration in
                duplicates(configuration.webSocketClients.map(\.name), "webSocketClients", "name")
            },
            CrossCheck(sections: ["ari", "webSocketClients"], run: outbound),
            CrossCheck(sections: ["dialplanApplications"]) { configuration in
                duplicates(configuration.dialplanApplications.map(\.extension), "dialplanApplications", "extension")
            },
            CrossCheck(sections: ["dialplan"], run: dialplanNames),
            CrossCheck(sections: ["dialplanApplications"], run: emptyApplications),
            CrossCheck(sections: ["extensions"], run: codecs),
            CrossCheck(sections: ["sip"]) { configuration in
                Set(configuration.sip.codecs).count == configuration.sip.codecs.count
                    ? [] : [error("sip.codecs", "names a codec twice", "Name each once, the preferred one first.")]
            },
            CrossCheck(sections: ["http"], run: certificate),
            CrossCheck(sections: ["sip"]) { PortUse.conflicts(of: PortUse.sip($0), with: []) },
            CrossCheck(sections: ["http"]) { PortUse.conflicts(of: PortUse.http($0), with: []) },
            CrossCheck(sections: ["sip", "http"]) { configuration in
                PortUse.http(configuration).flatMap { PortUse.conflicts(of: [$0], with: PortUse.sip(configuration)) }
            },
            CrossCheck(sections: ["audioSocket", "sip", "http"]) { configuration in
                PortUse.conflicts(of: PortUse.audioSocket(configuration), with: PortUse.sip(configuration) + PortUse.http(configuration))
            },
            CrossCheck(sections: ["ami", "audioSocket", "sip", "http"]) { configuration in
                PortUse.conflicts(
                    of: PortUse.ami(configuration),
                    with: PortUse.sip(configuration) + PortUse.http(configuration) + PortUse.audioSocket(configuration))
            },
            CrossCheck(sections: ["sip", "rtp"], run: PortUse.conflictsWithAudio),
            CrossCheck(sections: ["ari"], run: ariAccess),
            CrossCheck(sections: ["extensions"], run: weakSecrets),
            CrossCheck(sections: ["ami"], run: weakManagers),
            CrossCheck(sections: ["extensions"], run: openExtensions),
            CrossCheck(sections: ["ari"], run: weakPasswords),
        ] + RoutingChecks.all

    /// Runs the checks.
    ///
    /// - Parameters:
    ///   - sections: only checks that need no other sections run; nil: all run.
    ///   - known: what is said already about the same paths is left out.
    static func problems(
        of configuration: Configuration, sections: Set<String>? = nil, without known: [ConfigurationProblem] = []
    ) -> [ConfigurationProblem] {
        let paths = Set(known.map(\.path))
        let checks = all.filter { check in sections.map { check.sections.isSubset(of: $0) } ?? true }
        return checks.flatMap { $0.run(configuration) }.filter { !paths.contains($0.path) }
    }

    static func duplicates(_ names: [String], _ list: String, _ key: String) -> [ConfigurationProblem] {
        var first: [String: Int] = [:]
        return names.enumerated().compactMap { index, name in
            guard !name.isEmpty, let other = first.updateValue(first[name] ?? index, forKey: name) else { return nil }
            return error("\(list)[\(index)].\(key)", "is \"\(name)\", as in \(list)[\(other)]", "Give each its own \(key).")
        }
    }

    private static func dialplanNames(_ configuration: Configuration) -> [ConfigurationProblem] {
        let missing = configuration.dialplan.indices.filter { configuration.dialplan[$0].name.isEmpty }.map {
            error("dialplan[\($0)].name", "is missing", "Add `name:`, such as internal.conf.")
        }
        return missing + duplicates(configuration.dialplan.map(\.name), "dialplan", "name")
    }

    private static func emptyApplications(_ configuration: Configuration) -> [ConfigurationProblem] {
        configuration.dialplanApplications.enumerated().filter { $0.element.steps.isEmpty }.map { index, _ in
            error("dialplanApplications[\(index)].steps", "is missing", "List at least one application, such as Answer.")
        }
    }

    private static func codecs(_ configuration: Configuration) -> [ConfigurationProblem] {
        configuration.extensions.enumerated().filter { Set($0.element.codecs).count != $0.element.codecs.count }.map { index, _ in
            error("extensions[\(index)].codecs", "names a codec twice", "Name each once, the preferred one first.")
        }
    }

    private static func certificate(_ configuration: Configuration) -> [ConfigurationProblem] {
        let http = configuration.http
        guard http.certificate.isEmpty != http.key.isEmpty else { return [] }
        let (missing, other) = http.key.isEmpty ? ("key", "certificate") : ("certificate", "key")
        return [error("http.\(missing)", "is missing beside http.\(other)", "Give both, or neither for a self-signed one.")]
    }

    private static func ariAccess(_ configuration: Configuration) -> [ConfigurationProblem] {
        let ari = configuration.ari
        var found: [ConfigurationProblem] = []
        if ari.enabled, !ari.users.contains(where: \.enabled) {
            found.append(warning("ari.users", "has nobody who may log in", "Add a user, or set ari.enabled to no."))
        }
        for index in ari.allowedOrigins.indices where ari.allowedOrigins[index] == "*" {
            found.append(
                warning("ari.allowedOrigins[\(index)]", "lets every web page use ARI", "Name the origins that need it."))
        }
        return found
    }

    private static func outbound(_ configuration: Configuration) -> [ConfigurationProblem] {
        let programs = Set(configuration.webSocketClients.map(\.name))
        let users = Set(configuration.ari.users.map(\.name))
        return configuration.ari.outbound.enumerated().flatMap { index, connection in
            let path = "ari.outbound[\(index)]"
            var found: [ConfigurationProblem] = []
            if !programs.contains(connection.client) {
                found.append(
                    error("\(path).client", "is \"\(connection.client)\", which webSocketClients does not have", "Add it there."))
            }
            if !users.contains(connection.user) {
                found.append(error("\(path).user", "is \"\(connection.user)\", who is no ARI user", "Name one of ari.users."))
            }
            if connection.applications.isEmpty {
                found.append(error("\(path).applications", "is missing", "Name at least one application."))
            }
            return found
        }
    }

    private static func weakSecrets(_ configuration: Configuration) -> [ConfigurationProblem] {
        configuration.extensions.enumerated().filter {
            !$0.element.secret.isEmpty && WeakPassword.matches($0.element.secret, name: $0.element.number)
        }.map { index, _ in
            warning("extensions[\(index)].secret", "is easy to guess", "Use 12 or more random characters.")
        }
    }

    private static func openExtensions(_ configuration: Configuration) -> [ConfigurationProblem] {
        configuration.extensions.enumerated().filter { !$0.element.authenticate }.map { index, _ in
            warning(
                "extensions[\(index)].authenticate", "is off: whoever reaches the server can be this extension",
                "Switch it on unless all who can are trusted.")
        }
    }

    private static func weakManagers(_ configuration: Configuration) -> [ConfigurationProblem] {
        configuration.ami.managers.enumerated().filter {
            !$0.element.secret.isEmpty && WeakPassword.matches($0.element.secret, name: $0.element.name)
        }.map { index, _ in
            warning("ami.managers[\(index)].secret", "is easy to guess", "Use 12 or more random characters.")
        }
    }

    private static func weakPasswords(_ configuration: Configuration) -> [ConfigurationProblem] {
        configuration.ari.users.enumerated().filter { $0.element.hasWeakPassword }.map { index, _ in
            warning("ari.users[\(index)].password", "is easy to guess", "Use 12 or more random characters.")
        }
    }

    static func error(_ path: String, _ message: String, _ advice: String) -> ConfigurationProblem {
        ConfigurationProblem(severity: .error, path: path, message: message, advice: advice)
    }

    static func warning(_ path: String, _ message: String, _ advice: String) -> ConfigurationProblem {
        ConfigurationProblem(severity: .warning, path: path, message: message, advice: advice)
    }
}

extension Configuration.ARIUser {
    /// Whether the password is easy to guess, as far as can be told.
    public var hasWeakPassword: Bool {
        if password.isEmpty { return false }
        return PasswordHash(password) == nil ? WeakPassword.matches(password, name: name) : weakPassword
    }
}
