import ARIModel
import ARIServer
import Foundation

extension ServerFacts {
    /// What is known of this program and the machine that it runs on.
    static let ofThisProcess: ServerFacts = {
        var name = utsname()
        uname(&name)
        let user = getpwuid(geteuid()).map { String(cString: $0.pointee.pw_name) } ?? "\(geteuid())"
        let group = getgrgid(getegid()).map { String(cString: $0.pointee.gr_name) } ?? "\(getegid())"
        let build = BuildInfo(
            os: text(name.sysname), kernel: text(name.release), options: "", machine: text(name.machine), date: executableDate, user: user)
        return ServerFacts(version: ProductVersion.text, build: build, processUser: user, processGroup: group)
    }()

    /// Reads one of the fixed-size fields of `utsname`.
    private static func text<Field>(_ field: Field) -> String {
        withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    /// When the executable was written: the date of the build.
    private static var executableDate: String {
        let attributes = try? FileManager.default.attributesOfItem(atPath: "/proc/self/exe")
        let link = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let ofFile = link.flatMap { try? FileManager.default.attributesOfItem(atPath: $0) } ?? attributes
        guard let date = ofFile?[.modificationDate] as? Date else { return "" }
        return ISO8601DateFormatter().string(from: date)
    }
}
