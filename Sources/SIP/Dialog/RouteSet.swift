/// The proxies that requests of a dialog visit, in order (RFC 3261 section 12.2.1.1).
struct RouteSet: Sendable, Hashable {
    private var values: [String]
    private var first: SIPURI?

    /// Makes a route set; the first value decides between loose and strict routing.
    init(_ routes: [NameAddr]) {
        values = routes.map(\.description)
        first = routes.first?.uri.sip
    }

    /// The next hop of each request, nil when it is the remote target.
    var nextHop: NextHop? { first.map { NextHop($0) } }

    /// Makes the Request-URI and the Route values for a remote target.
    func apply(to target: RequestTarget) -> (target: RequestTarget, routes: [String]) {
        guard let first, !first.isLooseRouter else { return (target, values) }
        // A strict router wants to be the Request-URI, with the target at the end.
        var router = first
        router.headers = []
        router.parameters.remove("method")
        return (.sip(router), Array(values.dropFirst()) + [NameAddr(uri: target).description])
    }
}
