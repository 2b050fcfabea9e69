public import ARIModel

/// Why an event source can't be used.
public enum EventSourceError: Error, Equatable, Sendable {
    /// Not `channel:`, `bridge:`, `endpoint:` or (for subscriptions) `deviceState:`.
    case unknownScheme
    /// There is no such object, or no subscription to it.
    case missing
}

/// An event source as clients write it: a scheme, a colon, an id; an empty id stands for all of the kind.
private struct EventSource {
    enum Kind: String { case channel, bridge, endpoint, deviceState }

    let kind: Kind
    let id: String

    init(_ text: String) throws(EventSourceError) {
        guard let colon = text.firstIndex(of: ":"), let kind = Kind(rawValue: String(text[..<colon])) else { throw .unknownScheme }
        self.kind = kind
        id = String(text[text.index(after: colon)...])
    }

    var busKind: EventBus.Kind {
        switch kind {
        case .channel: .channel
        case .bridge: .bridge
        case .endpoint: .endpoint
        case .deviceState: .device
        }
    }
}

extension CallCore {
    /// Subscribes an application to what `source` names (ARI operation `subscribe`).
    ///
    /// - Parameter scope: what may be named; anything else counts as missing.
    public func subscribe(
        _ application: StasisApplication, to source: String, within scope: AccessScope = .everything
    ) throws(EventSourceError) {
        let source = try EventSource(source)
        if source.id.isEmpty { return application.subscribe(all: source.busKind) }
        switch source.kind {
        case .channel:
            guard let channel = channels[source.id], scope.includes(channel) else { throw .missing }
            application.subscribe(channel)
        case .bridge:
            guard let bridge = bridges[source.id], scope.includes(bridge) else { throw .missing }
            application.subscribe(bridge)
        case .endpoint:
            if let endpoint = endpoints[source.id] {
                application.subscribe(endpoint)
            } else if technologyNames.contains(source.id) {
                application.subscribe(technology: source.id)
            } else {
                throw .missing
            }
        case .deviceState:
            application.subscribe(device: source.id)
        }
    }

    /// Takes one subscription to what `source` names back (ARI operation `unsubscribe`).
    public func unsubscribe(_ application: StasisApplication, from source: String) throws(EventSourceError) {
        let source = try EventSource(source)
        if source.id.isEmpty {
            guard application.unsubscribe(all: source.busKind) else { throw .missing }
            return
        }
        guard drop(application, source) else { throw .missing }
    }

    private func drop(_ application: StasisApplication, _ source: EventSource) -> Bool {
        switch source.kind {
        case .channel: channels[source.id].map { application.unsubscribe($0) } ?? false
        case .bridge: bridges[source.id].map { application.unsubscribe($0) } ?? false
        case .endpoint: endpoints[source.id].map { application.unsubscribe($0) } ?? application.unsubscribe(technology: source.id)
        case .deviceState: application.unsubscribe(device: source.id)
        }
    }

    /// Sends an event of a client's own to one application, with the objects that `sources` name (ARI operation `userEvent`).
    public func sendUserEvent(
        named name: String, to application: StasisApplication, sources: [String], variables: JSONObject,
        within scope: AccessScope = .everything
    ) throws(EventSourceError) {
        var channel: Channel?
        var bridge: Bridge?
        var endpoint: Endpoint?
        for text in sources {
            let source = try EventSource(text)
            switch source.kind {
            case .channel:
                guard let found = channels[source.id], scope.includes(found) else { throw .missing }
                channel = found
            case .bridge:
                guard let found = bridges[source.id], scope.includes(found) else { throw .missing }
                bridge = found
            case .endpoint:
                guard let found = endpoints[source.id] else { throw .missing }
                endpoint = found
            case .deviceState:
                throw .unknownScheme
            }
        }
        events.publish(
            to: application, about: channel.map { .channel($0) } ?? bridge.map { .bridge($0) } ?? .nothing,
            .channelUserevent(
                eventName: name, channel: channel?.snapshot, bridge: bridge?.snapshot, endpoint: endpoint?.snapshot,
                variables: variables))
    }
}
