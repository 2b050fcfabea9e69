/// Where an installation keeps its files: `[directories]` of asterisk.conf, with the usual places for those that it does not name.
public struct AsteriskDirectories: Sendable, Equatable {
    public var configuration = "/etc/asterisk"
    /// Sounds lie in its folder `sounds`.
    public var data = "/var/lib/asterisk"
    /// Recordings lie in its folder `recording`.
    public var spool = "/var/spool/asterisk"
    /// Where the socket is that commands come through.
    public var run = "/var/run/asterisk"

    /// The usual places.
    public static let standard = AsteriskDirectories()

    private init() {}

    /// - Parameter load: gives the files that an include names.
    public init(_ file: ImportFile, load: @escaping (String) -> [ImportFile]) {
        for section in ConfFile(file.name, text: file.text, load: load).sections where section.name == "directories" {
            if let path = section["astetcdir"] { configuration = path }
            if let path = section["astdatadir"] ?? section["astvarlibdir"] { data = path }
            if let path = section["astspooldir"] { spool = path }
            if let path = section["astrundir"] { run = path }
        }
    }
}
