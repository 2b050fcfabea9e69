import ARIModel
import CallCore

/// A folder of files that are served beside ARI, such as the softphone's page.
struct PageFolder {
    /// With a slash at its end.
    let path: String
    private let files: [String: HTTPResponse.Body]
    private let frameAncestors: @CallActor () -> String

    init(path: String, files: [ARIServer.PageFile], frameAncestors: @escaping @CallActor () -> String) {
        self.path = path
        self.frameAncestors = frameAncestors
        self.files = Dictionary(files.map { ($0.name, .bytes($0.bytes, contentType: $0.type)) }) { $1 }
    }

    /// Answers a request for a file; nil for what is none.
    @CallActor
    func answer(_ request: HTTPRequest, path requested: some StringProtocol) -> HTTPResponse? {
        guard requested.hasPrefix(path) || requested + "/" == path else { return nil }
        guard requested.hasPrefix(path) else {
            return HTTPResponse(status: 301, reason: "Moved Permanently", fields: [NamedValue("Location", path)])
        }
        let name = String(requested.dropFirst(path.count))
        guard let body = files[name.isEmpty ? "index.html" : name], request.method == "GET" else { return nil }
        // Any page may use the modules; only those that the settings name may show the page in a frame. What the page itself may load
        // comes from here, but for the WebSocket, which may be elsewhere.
        let fields = [
            NamedValue("X-Content-Type-Options", "nosniff"), NamedValue("Access-Control-Allow-Origin", "*"),
            NamedValue("Cross-Origin-Resource-Policy", "cross-origin"),
            NamedValue(
                "Content-Security-Policy",
                "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' ws: wss:; media-src 'self' blob:; "
                    + "base-uri 'none'; form-action 'none'; frame-ancestors \(frameAncestors())"),
        ]
        return HTTPResponse(status: 200, fields: fields, body: body)
    }
}

extension ARIServer {
    /// A file that is served beside ARI.
    public struct PageFile: Sendable {
        public var name: String
        public var bytes: [UInt8]
        /// Its media type.
        public var type: String

        public init(name: String, bytes: [UInt8], type: String) {
            (self.name, self.bytes, self.type) = (name, bytes, type)
        }
    }

    /// Serves files below a path, `index.html` at the path itself. Pages of the allowed origins may show them in a frame.
    ///
    /// - Parameter path: such as `/phone/`, with a slash at its end.
    public func addPages(at path: String, _ files: [PageFile]) {
        pageFolders.append(
            PageFolder(path: path, files: files) { [weak self] in
                (["'self'"] + (self?.settings.allowedOrigins ?? [])).joined(separator: " ")
            })
    }
}
