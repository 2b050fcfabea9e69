public import Media

/// To which applications stored recordings belong: those of the channel or bridge that was recorded. Kept over restarts.
///
/// Recordings that the dialplan made belong to none.
@CallActor
public struct RecordingOwners {
    private static let family = "RecordingApplications"

    private let store: any KeyValueStore

    init(store: any KeyValueStore) {
        self.store = store
    }

    public subscript(name: RecordingName) -> Set<String> {
        get { Set(store.value(family: Self.family, key: name.description)?.split(separator: ",").map(String.init) ?? []) }
        nonmutating set {
            guard newValue != self[name] else { return }
            store.set(family: Self.family, key: name.description, to: newValue.isEmpty ? nil : newValue.sorted().joined(separator: ","))
        }
    }
}

extension AccessScope {
    /// Whether a stored recording belongs to the applications.
    public func includes(_ name: RecordingName, owners: RecordingOwners) -> Bool {
        applications.map { !owners[name].isDisjoint(with: $0) } ?? true
    }
}
