import Testing

@testable import Store

@Suite("Texts kept by family and key")
struct KeyValueDatabaseTests {
    let folder: TemporaryFolder
    let store: Store

    init() throws {
        folder = try TemporaryFolder()
        store = try Store(folder: folder.path)
    }

    @Test("What is set can be read at once, and is there after a new start")
    func keeps() throws {
        let values = store.keyValues
        #expect(values.set("1", family: "cidname", key: "201"))
        #expect(values.set("old", family: "a", key: "x/1"))
        #expect(values.set("new", family: "a", key: "x/1"))
        #expect(values.set("", family: "a", key: "y"))
        #expect(values.value(family: "a", key: "x/1") == "new")
        try store.close()
        let again = try Store(folder: folder.path).keyValues
        #expect(again.families == ["a", "cidname"])
        #expect(again.values(family: "a") == ["x/1": "new", "y": ""])
        #expect(again.keys(family: "a", prefix: "x/") == ["x/1"])
    }

    @Test("What is removed is gone, also after a new start")
    func removes() throws {
        let values = store.keyValues
        for key in ["a", "b/1", "b/2"] { values.set(key, family: "f", key: key) }
        try values.flush()
        #expect(values.remove(family: "f", key: "a") == "a")
        #expect(values.remove(family: "f", key: "a") == nil)
        #expect(values.removeAll(family: "f", prefix: "b/") == 2)
        #expect(values.families.isEmpty)
        values.set("again", family: "f", key: "a")
        try store.close()
        #expect(try Store(folder: folder.path).keyValues.values(family: "f") == ["a": "again"])
    }

    @Test(
        "Names and values are kept up to their limits and no further",
        arguments: [(1, 0, true), (256, 65_536, true), (0, 1, false), (257, 1, false), (1, 65_537, false)])
    func limits(nameBytes: Int, valueBytes: Int, fits: Bool) {
        let name = String(repeating: "n", count: nameBytes)
        let value = String(repeating: "v", count: valueBytes)
        #expect(store.keyValues.set(value, family: "f", key: name) == fits)
        #expect(store.keyValues.set(value, family: name, key: "k") == fits)
        #expect(store.keyValues.value(family: "f", key: name) == (fits ? value : nil))
    }

    @Test("No more values than the limit are kept; those that are there can still change")
    func countLimit() {
        let values = store.keyValues
        for index in 0..<KeyValueDatabase.maxValues { values.set("", family: "f", key: "\(index)") }
        #expect(!values.set("", family: "f", key: "more"))
        #expect(values.set("x", family: "f", key: "0"))
        values.remove(family: "f", key: "1")
        #expect(values.set("", family: "f", key: "more"))
    }

    @Test("Many tasks at once lose nothing")
    func concurrency() async throws {
        let values = store.keyValues
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask { for index in 0..<100 { values.set("\(index)", family: "f\(task)", key: "\(index)") } }
            }
        }
        try store.close()
        let again = try Store(folder: folder.path).keyValues
        #expect((0..<8).allSatisfy { again.values(family: "f\($0)").count == 100 })
    }
}
