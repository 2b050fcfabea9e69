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

        init(_ bytes: [UInt8], type: String) {
            (self.bytes, self.type) = (ByteBuffer(bytes: bytes), type)
            tag = "\"" + SHA256.hash(data: bytes).prefix(12).map { String($0, radix: 16) }.joined() + "\""
        }
    }

    private static let types = ["html": "text/html; charset=utf-8", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"]

    private let files: [String: File]

    init() {
        var files: [String: File] = [:]
        for (name, bytes) in WebFiles.all {
            let ending = name.split(separator: ".").last.map(String.init) ?? ""
            files["/\(name)"] = File(bytes, type: Self.types[ending] ?? "application/octet-stream")
        }
        for file in SoftphoneFiles.all { files["/phone/\(file.name)"] = File(file.bytes, type: file.type) }
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
