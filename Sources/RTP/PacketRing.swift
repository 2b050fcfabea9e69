/// Keeps packets by their extended sequence number in memory allocated once.
// Raw memory, so that keeping a packet neither allocates nor counts references. Slots are indexed by number modulo the
// capacity only, payloads are cut to the slot's size; both are freed in deinit.
// @unchecked Sendable: nothing but this value, which can't be copied, refers to the memory.
struct PacketRing: ~Copyable, @unchecked Sendable {
    struct Slot {
        var sequence: Int64 = 0
        var timestamp: Int64 = 0
        /// Timestamp units that the packet lasts; 0 for one that is no audio.
        var duration: Int64 = 0
        var length = 0
        var payloadType: UInt8 = 0
        var marker = false
        var isFilled = false
    }

    let capacity: Int
    let payloadCapacity: Int
    private(set) var count = 0
    private let slots: UnsafeMutablePointer<Slot>
    private let payloads: UnsafeMutableRawPointer

    /// Allocates room for `capacity` (a power of two) packets.
    init(capacity: Int, payloadCapacity: Int) {
        self.capacity = capacity
        self.payloadCapacity = payloadCapacity
        slots = .allocate(capacity: capacity)
        slots.initialize(repeating: Slot(), count: capacity)
        payloads = .allocate(byteCount: capacity * payloadCapacity, alignment: 16)
    }

    deinit {
        slots.deallocate()
        payloads.deallocate()
    }

    private func index(_ sequence: Int64) -> Int { Int(truncatingIfNeeded: sequence) & (capacity - 1) }

    func contains(_ sequence: Int64) -> Bool {
        let slot = slots[index(sequence)]
        return slot.isFilled && slot.sequence == sequence
    }

    func slot(_ sequence: Int64) -> Slot { slots[index(sequence)] }

    /// Gives the payload of a kept packet; valid until the slot is filled again.
    func payload(_ sequence: Int64) -> UnsafeRawBufferPointer {
        let at = index(sequence)
        return UnsafeRawBufferPointer(start: payloads + at * payloadCapacity, count: slots[at].length)
    }

    /// Keeps a packet in its slot, in place of whatever was there.
    mutating func fill(_ slot: Slot, payload: UnsafeRawBufferPointer) {
        let at = index(slot.sequence)
        if !slots[at].isFilled { count += 1 }
        slots[at] = slot
        slots[at].isFilled = true
        slots[at].length = min(payload.count, payloadCapacity)
        if let source = payload.baseAddress, slots[at].length > 0 {
            (payloads + at * payloadCapacity).copyMemory(from: source, byteCount: slots[at].length)
        }
    }

    /// Frees the slot of `sequence`; the payload's bytes stay readable until the slot is filled again.
    mutating func remove(_ sequence: Int64) {
        guard contains(sequence) else { return }
        slots[index(sequence)].isFilled = false
        count -= 1
    }

    mutating func removeAll() {
        for i in 0..<capacity { slots[i].isFilled = false }
        count = 0
    }
}
