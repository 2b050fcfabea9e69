/// Names a port on one media thread: its place in the table, and which of the place's users is meant.
struct PortID: Hashable, Sendable {
    var index: Int32
    /// 31 bits; a place's next user has the next one, so that what is late for the last user finds nobody.
    var generation: UInt32

    static let generationMask: UInt32 = 0x7fff_ffff
}
