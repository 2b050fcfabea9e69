extension Record {
    /// The group as a JSON Schema: every key with its type, range and default.
    static func schema() -> SettingsValue {
        .schema("object", ("additionalProperties", .flag(false)), ("properties", .map(fields.map { .init($0.key, $0.schema()) })))
    }
}

extension SettingsValue {
    static func schema(_ type: String, _ more: (String, SettingsValue)...) -> SettingsValue {
        .map([Member("type", .text(type))] + more.map { Member($0.0, $0.1) })
    }

    func with(_ key: String, _ value: SettingsValue) -> SettingsValue {
        guard case .map(let members) = self else { return self }
        return .map(members + [Member(key, value)])
    }
}

extension Configuration {
    /// The whole configuration as a JSON Schema.
    public static var schema: SettingsValue { schema() }
}
