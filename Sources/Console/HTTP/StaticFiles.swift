import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Softphone

/// The pages: files of the folder `Web`, and the softphone's below `/phone`, inside the program itself.
struct StaticFiles: Sendable {
    private struct File: Sendable {
        let bytes: ByteBuffer
        let type: String
        let tag: String
    }

    private static let types = ["html": "text/html; charset=utf-8", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"]

    private let files: [String: File]

    init() {
        var files: [String: File] = [:]
        let softphone = SoftphoneFiles.all.map { ("phone/\($0.name)", $0.bytes) }
        for (name, bytes) in WebFiles.all + softphone {
            let ending = name.split(separator: ".").last.map(String.init) ?? ""
            let tag = "\"" + SHA256.hash(data: bytes).prefix(12).map { String($0, radix: 16) }.joined() + "\""
            files["/\(name)"] = File(bytes: ByteBuffer(bytes: bytes), type: Self.types[ending] ?? "application/octet-stream", tag: tag)
        }
        files["/"] = files["/index.html"]
        self.files = files
    }

    /// The answer to a request for a page; nil for what is none.
    func answer(_ path: String, ifNoneMatch: String?) -> Response? {
        guard let file = files[path] else { return nil }
        // Asked again each time, so that a new version is seen at once; what did not change is not sent again.
        let fields: HTTPFields = [.contentType: file.type, .eTag: file.tag, .cacheControl: "no-cache"]
        if ifNoneMatch == file.tag { return Response(status: .notModified, headers: fields) }
        return Response(status: .ok, headers: fields, body: .init(byteBuffer: file.bytes))
    }
}
