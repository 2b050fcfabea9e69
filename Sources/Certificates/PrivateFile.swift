internal import Foundation

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// Writes files that only their owner may read.
enum PrivateFile {
    /// Puts text in place of a file at once, so that nobody ever meets half of it; makes the folder with mode 0700.
    static func write(_ text: String, to path: String, in folder: String) throws(CertificateFileError) {
        let files = FileManager.default
        let temporary = "\(path).new"
        do {
            try files.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw CertificateFileError(path: path, reason: error.localizedDescription)
        }
        try? files.removeItem(atPath: temporary)
        let content = Data(text.utf8)
        guard files.createFile(atPath: temporary, contents: content, attributes: [.posixPermissions: 0o600]),
            rename(temporary, path) == 0
        else { throw CertificateFileError(path: path, reason: String(cString: strerror(errno))) }
    }
}

/// Reads numeric addresses.
enum NumericAddress {
    /// Gives the 4 or 16 bytes of an address in network order; nil for a name.
    static func bytes(of text: String) -> [UInt8]? {
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 { return withUnsafeBytes(of: &four) { Array($0) } }
        if inet_pton(AF_INET6, text, &six) == 1 { return withUnsafeBytes(of: &six) { Array($0) } }
        return nil
    }
}
