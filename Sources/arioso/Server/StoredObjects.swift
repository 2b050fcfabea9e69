import ARIModel
import ARIServer
import Dispatch
import Store

/// Extensions of the configuration as the endpoints, auths and aors of the reference; each extension is one of each, by its number.
///
/// What is stored takes effect as with `arioso apply`.
struct StoredObjects: DynamicConfiguration {
    let store: Store
    /// Makes the secret of an extension that is made without one.
    let makeSecret: @Sendable () -> String
    private let queue = DispatchQueue(label: "arioso.objects")

    init(store: Store, makeSecret: @escaping @Sendable () -> String) {
        self.store = store
        self.makeSecret = makeSecret
    }

    func settings(of object: DynamicObject) async throws(DynamicConfigurationProblem) -> [ConfigTuple]? {
        let configuration = try await perform { try store.configuration() }
        return configuration.extensions.first { $0.number == object.id }?.settings(as: object.kind)
    }

    func update(_ object: DynamicObject, _ settings: [ConfigTuple]) async throws(DynamicConfigurationProblem) -> [ConfigTuple] {
        try await perform {
            var configuration = try store.configuration()
            let index = configuration.extensions.firstIndex { $0.number == object.id }
            var changed = index.map { configuration.extensions[$0] } ?? newExtension(object.id)
            for setting in settings { try changed.set(setting.attribute, to: setting.value, as: object.kind) }
            if let index { configuration.extensions[index] = changed } else { configuration.extensions.append(changed) }
            try store.replace(with: configuration)
            return changed.settings(as: object.kind)
        }
    }

    /// As an endpoint of the reference is before anything is set.
    private func newExtension(_ number: String) -> Configuration.Extension {
        var made = Configuration.Extension(number: number, secret: makeSecret())
        made.busyLimit = 0
        return made
    }

    func delete(_ object: DynamicObject) async throws(DynamicConfigurationProblem) {
        guard object.kind == .endpoint else {
            throw .refused("the \(object.kind.rawValue) belongs to the endpoint of that id, which can be deleted")
        }
        try await perform {
            var configuration = try store.configuration()
            configuration.extensions.removeAll { $0.number == object.id }
            try store.replace(with: configuration)
        }
    }

    /// Does what takes the database, one after another, on a thread that may wait for it.
    private func perform<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws(DynamicConfigurationProblem) -> Value
    {
        let result: Result<Value, DynamicConfigurationProblem> = await withCheckedContinuation { continuation in
            queue.async {
                do {
                    continuation.resume(returning: .success(try work()))
                } catch let problem as DynamicConfigurationProblem {
                    continuation.resume(returning: .failure(problem))
                } catch let errors as ConfigurationErrors {
                    continuation.resume(returning: .failure(.invalid(errors.description)))
                } catch {
                    continuation.resume(returning: .failure(.unavailable("\(error)")))
                }
            }
        }
        return try result.get()
    }
}

extension Configuration.Extension {
    /// Stands for a secret, which nobody is told; sent back, it changes nothing.
    private static let hiddenSecret = "********"

    /// The extension's settings as an object of the reference has them, by name.
    fileprivate func settings(as kind: DynamicObject.Kind) -> [ConfigTuple] {
        let settings: [(String, String)] =
            switch kind {
            case .endpoint:
                [
                    ("accountcode", accountCode), ("allow", "(\(codecs.map(\.rawValue).joined(separator: "|")))"), ("aors", number),
                    ("auth", number), ("callerid", "\"\(callerID.name)\" <\(callerID.number.isEmpty ? number : callerID.number)>"),
                    ("context", context), ("device_state_busy_at", String(busyLimit)), ("direct_media", "false"),
                    ("dtmf_mode", dtmf.rawValue), ("language", language), ("mailboxes", mailbox), ("message_context", messageContext),
                ]
            case .auth: [("auth_type", "userpass"), ("password", Self.hiddenSecret), ("username", number)]
            case .aor:
                [
                    ("mailboxes", mailbox), ("max_contacts", String(maxContacts)), ("qualify_frequency", String(qualifySeconds)),
                    ("remove_existing", removeExisting ? "true" : "false"),
                ]
            }
        return settings.map(ConfigTuple.init)
    }

    /// Takes a setting as an object of the reference has it.
    fileprivate mutating func set(_ name: String, to value: String, as kind: DynamicObject.Kind) throws(DynamicConfigurationProblem) {
        let invalid = DynamicConfigurationProblem.invalid("'\(value)' is no value of \(name)")
        func number() throws(DynamicConfigurationProblem) -> Int {
            guard let number = Int(value) else { throw invalid }
            return number
        }
        func flag() throws(DynamicConfigurationProblem) -> Bool {
            guard ["yes", "true", "1", "no", "false", "0"].contains(value.lowercased()) else { throw invalid }
            return ["yes", "true", "1"].contains(value.lowercased())
        }
        switch (kind, name) {
        case (.endpoint, "accountcode"): accountCode = value
        case (.endpoint, "allow"): codecs = try Self.codecs(value)
        case (.endpoint, "disallow"): guard value == "all" else { throw invalid }
        case (.endpoint, "aors"), (.endpoint, "auth"), (.auth, "username"): guard value == self.number else { throw invalid }
        case (.endpoint, "callerid"): callerID = Self.callerID(value)
        case (.endpoint, "context"): context = value
        case (.endpoint, "device_state_busy_at"): busyLimit = try number()
        case (.endpoint, "direct_media"): guard try !flag() else { throw invalid }
        case (.endpoint, "dtmf_mode"):
            guard let mode = DTMF(rawValue: value) else { throw invalid }
            dtmf = mode
        case (.endpoint, "language"): language = value
        case (.endpoint, "mailboxes"), (.aor, "mailboxes"): mailbox = value
        case (.endpoint, "message_context"): messageContext = value
        case (.auth, "auth_type"): guard ["userpass", "digest"].contains(value) else { throw invalid }
        case (.auth, "password"): if value != Self.hiddenSecret { secret = value }
        case (.aor, "max_contacts"): maxContacts = try number()
        case (.aor, "qualify_frequency"): qualifySeconds = try number()
        case (.aor, "remove_existing"): removeExisting = try flag()
        default: throw .invalid("there is no setting '\(name)' here")
        }
    }

    /// Reads `ulaw,alaw`, `!all,ulaw` or `(ulaw|alaw)`.
    private static func codecs(_ text: String) throws(DynamicConfigurationProblem) -> [Codec] {
        var codecs: [Codec] = []
        for name in text.split(whereSeparator: { ",|() ".contains($0) }) where name != "!all" {
            guard let codec = Codec(rawValue: String(name)) else { throw .invalid("the codec '\(name)' is not known") }
            if !codecs.contains(codec) { codecs.append(codec) }
        }
        return codecs
    }

    /// Reads `"Name" <number>`, or a number alone.
    private static func callerID(_ text: String) -> CallerID {
        guard let open = text.lastIndex(of: "<"), let close = text.lastIndex(of: ">"), open < close else {
            return CallerID(number: text)
        }
        let name = text[..<open].filter { $0 != "\"" }.drop { $0 == " " }
        return CallerID(name: String(name.reversed().drop { $0 == " " }.reversed()), number: String(text[text.index(after: open)..<close]))
    }
}
