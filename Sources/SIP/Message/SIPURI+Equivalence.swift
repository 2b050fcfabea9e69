extension SIPURI {
    /// Parameters that must stand in both URIs or in neither: they change where a request goes or what it does (RFC 3261 19.1.4).
    private static let decisiveParameters = ["transport", "user", "ttl", "method", "maddr"]

    /// Compares as RFC 3261 19.1.4 does: user by case, host without it, an absent port unlike 5060, unknown parameters only
    /// where both have them. The relation is not transitive.
    public func isEquivalent(to other: SIPURI) -> Bool {
        isSecure == other.isSecure && user == other.user && password == other.password && port == other.port
            && SIPHost.isSame(host, other.host) && hasEquivalentParameters(other) && hasEquivalentHeaders(other)
    }

    private func hasEquivalentParameters(_ other: SIPURI) -> Bool {
        for name in Self.decisiveParameters where parameters.has(name) != other.parameters.has(name) { return false }
        return parameters.elements.allSatisfy { element in
            guard let value = other.parameters[element.name] else { return true }
            return value.isEqualIgnoringASCIICase(to: element.value ?? "")
        }
    }

    private func hasEquivalentHeaders(_ other: SIPURI) -> Bool {
        guard headers.count == other.headers.count else { return false }
        return headers.allSatisfy { header in
            other.headers.contains { $0.name.isEqualIgnoringASCIICase(to: header.name) && $0.value == header.value }
        }
    }
}
