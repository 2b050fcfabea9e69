import CallCore
import Dialplan
import Foundation
import Testing

@Suite("The document about the dialplan")
struct DialplanDocumentTests {
    @Test("It names every application")
    func applications() throws {
        let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: root.appendingPathComponent("docs/dialplan.md"), encoding: .utf8)
        let words = Set(text.split { !$0.isLetter }.map(String.init))
        let missing = (CallCore.applicationNames + DialplanInterpreter.internalApplications).filter { !words.contains($0) }
        #expect(missing.isEmpty)
    }
}
