/// The softphone's modules and its page, as they are sent to browsers.
public enum SoftphoneFiles {
    /// One file: its name in the folder, and its bytes.
    public struct File: Sendable {
        public let name: String
        public let bytes: [UInt8]
        /// Its media type.
        public let type: String
    }

    /// All files of the folder `Web`.
    public static let all: [File] = [
        ("index.html", PackageResources.index_html), ("page.js", PackageResources.page_js), ("page.css", PackageResources.page_css),
        ("arioso-phone.js", PackageResources.arioso_phone_js), ("phone.css", PackageResources.phone_css),
        ("phone.js", PackageResources.phone_js), ("call.js", PackageResources.call_js), ("sip.js", PackageResources.sip_js),
        ("md5.js", PackageResources.md5_js), ("sounds.js", PackageResources.sounds_js),
    ].map { File(name: $0.0, bytes: $0.1, type: type(of: $0.0)) }

    private static func type(of name: String) -> String {
        if name.hasSuffix(".html") { return "text/html; charset=utf-8" }
        return name.hasSuffix(".css") ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8"
    }
}
