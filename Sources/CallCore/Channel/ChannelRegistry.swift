/// All channels, by unique id.
@CallActor
public struct ChannelRegistry {
    private var byID: [String: Channel] = [:]
    private var byAge = SerialOrder<Channel>()
    private var nextSerial: UInt64 = 1
    private var nextNumber: UInt64 = 0

    init() {}

    public var count: Int { byID.count }

    /// How many channels were ever made.
    public var made: UInt64 { nextSerial - 1 }

    /// All channels, the oldest first.
    public var all: [Channel] { byAge.elements }

    /// The channel with this unique id.
    public subscript(id: String) -> Channel? { byID[id] }

    /// The channel with this unique id or, failing that, this name.
    public func find(idOrName: String) -> Channel? {
        if let channel = byID[idOrName] { return channel }
        guard idOrName.contains("/") else { return nil }
        return byID.values.first { $0.name == idOrName }
    }

    mutating func takeSerial() -> UInt64 {
        defer { nextSerial &+= 1 }
        return nextSerial
    }

    /// A fresh unique id: seconds since the epoch, a dot, a number never used before in this process.
    mutating func freshID(nowMs: Int64, systemName: String) -> String {
        defer { nextNumber &+= 1 }
        let id = "\(nowMs / 1000).\(nextNumber)"
        return systemName.isEmpty ? id : "\(systemName)-\(id)"
    }

    mutating func insert(_ channel: Channel) {
        if let replaced = byID.updateValue(channel, forKey: channel.id) { byAge.remove(serial: replaced.serial) }
        byAge.insert(channel, serial: channel.serial)
    }

    mutating func remove(_ channel: Channel) {
        guard byID[channel.id] === channel else { return }
        byID[channel.id] = nil
        byAge.remove(serial: channel.serial)
    }
}
