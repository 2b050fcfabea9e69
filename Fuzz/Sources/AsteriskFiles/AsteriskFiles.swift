import AsteriskImport
import FuzzTarget
import Store

/// Converts each input as a file of an Asterisk: the first byte chooses which; behind a zero byte comes what it may include.
@main
enum AsteriskFiles: FuzzTarget {
    static func test(_ input: UnsafeRawBufferPointer) {
        guard let first = input.first else { return }
        let names = AsteriskImport.fileNames
        let name = names[Int(first) % names.count]
        let texts = input.dropFirst().split(separator: 0, maxSplits: 3, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        let load: (String) -> [ImportFile] = { wanted in
            if wanted == name { return [ImportFile(name: name, text: texts[0])] }
            return names.contains(wanted) ? [] : texts.dropFirst().enumerated().map { ImportFile(name: "\(wanted)-\($0)", text: $1) }
        }
        _ = AsteriskDirectories(ImportFile(name: name, text: texts[0]), load: load)
        var conversion = AsteriskImport(onto: Configuration(), knownApplications: ["Answer", "Dial"], load: load)
        if first & 0x80 != 0 { conversion.secrets = { "made-up-secret" } }
        let result = conversion.run()
        _ = result.remarks.map(\.description)
        _ = result.configuration.problems().map(\.description)
    }
}
