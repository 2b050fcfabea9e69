public import ARIModel

/// How many messages wait in mailboxes, as programs say; kept over restarts. Phones that have the mailbox are told.
@CallActor
public final class Mailboxes {
    private static let family = "Mailboxes"
    /// Mailboxes that may exist.
    static let limit = 10_000

    private let store: any KeyValueStore
    /// Called with a mailbox whose counts are new; nil counts are for one that is gone.
    private var observers: [@CallActor (Mailbox) -> Void] = []

    init(store: any KeyValueStore) {
        self.store = store
    }

    /// Lets `observer` know of every change.
    public func observe(_ observer: @escaping @CallActor (Mailbox) -> Void) { observers.append(observer) }

    /// All mailboxes by name.
    public var all: [Mailbox] { store.keys(family: Self.family).sorted().compactMap { self[$0] } }

    public subscript(name: String) -> Mailbox? {
        guard let counts = store.value(family: Self.family, key: name)?.split(separator: "/").map({ Int($0) ?? 0 }), counts.count == 2
        else {
            return nil
        }
        return Mailbox(name: name, oldMessages: counts[0], newMessages: counts[1])
    }

    /// Sets the counts of a mailbox, which is made if need be.
    /// - Returns: false when there are too many.
    public func set(_ mailbox: Mailbox) -> Bool {
        guard self[mailbox.name] != nil || store.keys(family: Self.family).count < Self.limit else { return false }
        store.set(family: Self.family, key: mailbox.name, to: "\(mailbox.oldMessages)/\(mailbox.newMessages)")
        for observer in observers { observer(mailbox) }
        return true
    }

    /// Removes a mailbox; to phones it is empty from now on.
    /// - Returns: false when there is none.
    public func remove(_ name: String) -> Bool {
        guard self[name] != nil else { return false }
        store.set(family: Self.family, key: name, to: nil)
        for observer in observers { observer(Mailbox(name: name, oldMessages: 0, newMessages: 0)) }
        return true
    }
}
