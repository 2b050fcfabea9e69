/// What providers, routes and extensions have to do with each other.
enum RoutingChecks {
    static let all: [CrossCheck] = [
        CrossCheck(sections: ["providers"]) { CrossCheck.duplicates($0.providers.map(\.name), "providers", "name") },
        CrossCheck(sections: ["incomingRoutes"]) { CrossCheck.duplicates($0.incomingRoutes.map(\.name), "incomingRoutes", "name") },
        CrossCheck(sections: ["outgoingRoutes"]) { CrossCheck.duplicates($0.outgoingRoutes.map(\.name), "outgoingRoutes", "name") },
        CrossCheck(sections: ["providers", "extensions"], run: names),
        CrossCheck(sections: ["providers"], run: accounts),
        CrossCheck(sections: ["providers"], run: weakSecrets),
        CrossCheck(sections: ["incomingRoutes"], run: destinations),
        CrossCheck(sections: ["incomingRoutes", "providers"], run: knownProviders),
        CrossCheck(sections: ["outgoingRoutes", "providers"], run: outgoing),
    ]

    /// Both are `PJSIP/name`.
    private static func names(_ configuration: Configuration) -> [ConfigurationProblem] {
        let numbers = Set(configuration.extensions.map(\.number))
        return configuration.providers.enumerated().filter { numbers.contains($0.element.name) }.map { index, provider in
            CrossCheck.error("providers[\(index)].name", "is \"\(provider.name)\", which is an extension", "Choose another name.")
        }
    }

    private static func accounts(_ configuration: Configuration) -> [ConfigurationProblem] {
        configuration.providers.enumerated().flatMap { index, provider in
            let path = "providers[\(index)]"
            var found: [ConfigurationProblem] = []
            if provider.registration != .inbound, provider.host.isEmpty {
                found.append(CrossCheck.error("\(path).host", "is missing", "Write the provider's host name or address."))
            }
            if provider.registration == .outbound, provider.user.isEmpty {
                found.append(CrossCheck.error("\(path).user", "is missing", "Write the user that the provider gave you."))
            }
            if provider.registration == .inbound, provider.secret.isEmpty {
                found.append(CrossCheck.error("\(path).secret", "is missing", "Give the provider a password to log in with."))
            }
            return found
        }
    }

    private static func weakSecrets(_ configuration: Configuration) -> [ConfigurationProblem] {
        configuration.providers.enumerated().filter {
            $0.element.registration == .inbound && WeakPassword.matches($0.element.secret, name: $0.element.name)
        }.map { index, _ in CrossCheck.warning("providers[\(index)].secret", "is easy to guess", "Use 12 or more random characters.") }
    }

    private static func destinations(_ configuration: Configuration) -> [ConfigurationProblem] {
        configuration.incomingRoutes.enumerated().flatMap { index, route in
            let path = "incomingRoutes[\(index)]"
            var found: [ConfigurationProblem] = []
            if route.destination.isEmpty == route.application.isEmpty {
                let isBoth = !route.destination.isEmpty
                found.append(
                    CrossCheck.error(
                        "\(path).destination", isBoth ? "stands beside `application`" : "is missing",
                        isBoth ? "Keep one of them." : "Give the number of an extension or dialplan application, or an ARI application."))
            }
            if !route.fallback.isEmpty, !route.fallbackApplication.isEmpty {
                found.append(CrossCheck.error("\(path).fallback", "stands beside `fallbackApplication`", "Keep one of them."))
            }
            return found
        }
    }

    private static func knownProviders(_ configuration: Configuration) -> [ConfigurationProblem] {
        let names = Set(configuration.providers.map(\.name))
        return configuration.incomingRoutes.enumerated().filter { !$0.element.provider.isEmpty && !names.contains($0.element.provider) }
            .map { unknown("incomingRoutes[\($0)].provider", $1.provider) }
    }

    private static func outgoing(_ configuration: Configuration) -> [ConfigurationProblem] {
        let names = Set(configuration.providers.map(\.name))
        return configuration.outgoingRoutes.enumerated().flatMap { index, route in
            let path = "outgoingRoutes[\(index)].providers"
            if route.providers.isEmpty { return [CrossCheck.error(path, "is missing", "Name at least one provider.")] }
            return route.providers.enumerated().filter { !names.contains($0.element) }.map { unknown("\(path)[\($0)]", $1) }
        }
    }

    private static func unknown(_ path: String, _ name: String) -> ConfigurationProblem {
        CrossCheck.error(path, "is \"\(name)\", which is no provider", "Name one of providers.")
    }
}
