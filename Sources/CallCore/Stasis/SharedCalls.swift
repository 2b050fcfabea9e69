/// Which of an application's connections has which call, while they share it.
///
/// A call is all channels of one linked id. A new one goes to the connection with the fewest.
@CallActor
final class SharedCalls {
    private struct Call {
        var consumer: EventConsumer
        var channels: Set<String>
    }

    private var calls: [String: Call] = [:]
    /// Whose calls have been in a bridge.
    private var bridges: [String: [EventConsumer]] = [:]
    private var loads: [ObjectIdentifier: Int] = [:]

    /// Gives the connections that an event is for, out of those that there are.
    func consumers(for subject: EventSubject, among all: [EventConsumer]) -> [EventConsumer] {
        switch subject {
        case .nothing, .server: return all
        case .channel(let channel): return [consumer(of: channel, among: all)]
        case .channels(let channels):
            let known = unique(channels.compactMap { calls[$0.callID]?.consumer })
            return known.isEmpty ? channels.first.map { [consumer(of: $0, among: all)] } ?? all : known
        case .bridge(let bridge):
            let owners = unique((bridges[bridge.id] ?? []) + bridge.channels.compactMap { calls[$0.callID]?.consumer })
            bridges[bridge.id] = owners.isEmpty ? nil : owners
            return owners.isEmpty ? all : owners
        }
    }

    private func consumer(of channel: Channel, among all: [EventConsumer]) -> EventConsumer {
        if let call = calls[channel.callID], all.contains(where: { $0 === call.consumer }) {
            calls[channel.callID]?.channels.insert(channel.id)
            return call.consumer
        }
        let chosen = leastBusy(among: all)
        calls[channel.callID] = Call(consumer: chosen, channels: [channel.id])
        loads[ObjectIdentifier(chosen), default: 0] += 1
        return chosen
    }

    private func leastBusy(among all: [EventConsumer]) -> EventConsumer {
        var best = all[0]
        for other in all.dropFirst() where load(other) < load(best) { best = other }
        return best
    }

    private func load(_ consumer: EventConsumer) -> Int { loads[ObjectIdentifier(consumer), default: 0] }

    private func unique(_ consumers: [EventConsumer]) -> [EventConsumer] {
        var kept: [EventConsumer] = []
        for consumer in consumers where !kept.contains(where: { $0 === consumer }) { kept.append(consumer) }
        return kept
    }

    /// Forgets a channel of which the application hears no more.
    func forget(_ channel: Channel) {
        guard let call = calls[channel.callID] else { return }
        guard call.channels.subtracting([channel.id]).isEmpty else {
            calls[channel.callID]?.channels.remove(channel.id)
            return
        }
        calls[channel.callID] = nil
        loads[ObjectIdentifier(call.consumer), default: 1] -= 1
    }

    func forget(_ bridge: Bridge) { bridges[bridge.id] = nil }

    /// Hands the calls of a connection that is gone to those that remain.
    /// - Returns: the ids of the channels, with who has them now.
    func handOver(from gone: EventConsumer, to others: [EventConsumer]) -> [(channel: String, to: EventConsumer)] {
        loads[ObjectIdentifier(gone)] = nil
        for (id, owners) in bridges { bridges[id] = owners.filter { $0 !== gone } }
        var moved: [(channel: String, to: EventConsumer)] = []
        for (id, call) in calls where call.consumer === gone {
            let next = leastBusy(among: others)
            calls[id]?.consumer = next
            loads[ObjectIdentifier(next), default: 0] += 1
            moved += call.channels.sorted().map { ($0, next) }
        }
        return moved
    }
}
