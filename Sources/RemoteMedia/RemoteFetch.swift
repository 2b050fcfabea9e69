import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// One request for a file, with what is known of the copy that is there.
public struct RemoteRequest: Sendable {
    public var address: String
    public var etag: String?
    public var lastModified: String?
    public var maxBytes: Int
    public var timeoutMs: Int
}

/// What another host answers.
public struct RemoteAnswer: Sendable {
    public var status: Int
    public var etag: String?
    public var lastModified: String?
    public var cacheControl: String?
    public var contentType: String?
    public var location: String?
    public var body: [UInt8]

    public init(
        status: Int, etag: String? = nil, lastModified: String? = nil, cacheControl: String? = nil, contentType: String? = nil,
        location: String? = nil, body: [UInt8] = []
    ) {
        self.status = status
        self.etag = etag
        self.lastModified = lastModified
        self.cacheControl = cacheControl
        self.contentType = contentType
        self.location = location
        self.body = body
    }
}

/// Fetches over the network; redirects are left to the caller, who knows where they may lead.
enum NetworkFetch {
    private static let client = HTTPClient(
        eventLoopGroupProvider: .singleton, configuration: .init(redirectConfiguration: .disallow))

    static func fetch(_ wanted: RemoteRequest) async throws -> RemoteAnswer {
        var request = HTTPClientRequest(url: wanted.address)
        request.headers.add(name: "User-Agent", value: "Arioso")
        request.headers.add(name: "Accept", value: "audio/*, */*;q=0.1")
        if let etag = wanted.etag { request.headers.add(name: "If-None-Match", value: etag) }
        if let date = wanted.lastModified { request.headers.add(name: "If-Modified-Since", value: date) }
        let response = try await client.execute(request, timeout: .milliseconds(Int64(wanted.timeoutMs)))
        func field(_ name: String) -> String? { response.headers.first(name: name) }
        var answer = RemoteAnswer(
            status: Int(response.status.code), etag: field("ETag"), lastModified: field("Last-Modified"),
            cacheControl: field("Cache-Control"), contentType: field("Content-Type"), location: field("Location"))
        guard answer.status == 200 else { return answer }
        do {
            answer.body = Array(try await response.body.collect(upTo: wanted.maxBytes).readableBytesView)
        } catch is NIOTooManyBytesError {
            throw RemoteMediaError.tooLarge(bytes: wanted.maxBytes)
        }
        return answer
    }
}
