import Hummingbird
import NIOCore

/// What is known of a request beside its head and body.
struct ConsoleContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let address: String

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        address = source.channel.remoteAddress?.ipAddress ?? ""
    }

    /// Bytes of a body; a dialplan file may have two million.
    var maxUploadSize: Int { 8 << 20 }
}
