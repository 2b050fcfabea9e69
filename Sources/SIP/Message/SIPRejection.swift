/// Why a request is refused: the response's status, reason phrase and the headers that the status demands.
public struct SIPRejection: Sendable, Equatable {
    public struct Header: Sendable, Equatable {
        public var name: String
        public var value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    public var status: Int
    public var reason: String
    public var headers: [Header]

    /// Makes a rejection; a nil reason takes the registered phrase.
    public init(_ status: Int, reason: String? = nil, headers: [Header] = []) {
        self.status = status
        self.reason = reason ?? SIPReason.phrase(for: status)
        self.headers = headers
    }

    /// Makes the response that refuses a request.
    public func response(to request: SIPRequest, toTag: String? = nil) -> SIPResponse {
        var response = request.response(status, reason: reason, toTag: toTag)
        for header in headers { response.headers.add(header.name, header.value) }
        return response
    }
}
