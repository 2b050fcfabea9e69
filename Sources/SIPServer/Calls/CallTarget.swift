import CallCore
import SIP

/// One device or provider to call.
struct CallTarget {
    /// The Request-URI.
    var uri: SIPURI
    /// Where a registered device was heard; nil to go where the URI and the routes lead.
    var flow: SIPFlow?
    /// The proxies that the device registered through (RFC 3327), or that of a provider.
    var routes: [NameAddr] = []
    /// The provider that this is, which knows us by its own name for us.
    var provider: SIPProviderSettings?

    init(uri: SIPURI, flow: SIPFlow? = nil, routes: [NameAddr] = []) {
        (self.uri, self.flow, self.routes) = (uri, flow, routes)
    }

    /// A registered device, or `uri` where it is.
    init(_ binding: RegistrarBinding, at uri: SIPURI) {
        let routes = binding.path.compactMap { NameAddr($0) }
        self.init(uri: uri, flow: routes.isEmpty ? binding.flow : nil, routes: routes)
    }

    /// A provider, asked for a number; nil for the provider itself.
    init(_ provider: SIPProviderSettings, number: String?) {
        self.init(uri: provider.uri(user: number), routes: provider.routes)
        self.provider = provider
    }

    /// The URI that leads to the next hop.
    var firstHop: SIPURI { routes.first?.uri.sip ?? uri }
}
