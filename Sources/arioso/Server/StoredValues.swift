import CallCore
import Store

/// Lets the call core keep values in the database; reads come from memory, writes go out in the background.
@CallActor
final class StoredValues: KeyValueStore {
    private let database: KeyValueDatabase

    init(_ database: KeyValueDatabase) {
        self.database = database
    }

    func value(family: String, key: String) -> String? {
        database.value(family: family, key: key)
    }

    func set(family: String, key: String, to value: String?) {
        if let value { database.set(value, family: family, key: key) } else { database.remove(family: family, key: key) }
    }

    func keys(family: String) -> [String] {
        database.keys(family: family)
    }
}
