import Testing

@testable import Store

@Suite("The timeline of a call that is kept")
struct StoredTimelineTests {
    @Test("What is written is read, and a text from outside can't make lines or fields")
    func roundTrip() {
        var writer = StoredTimeline.Writer(channels: ["PJSIP/1\t2", "b"], moments: 2)
        writer.add(ms: 0, what: "created", channel: 0, detail: "a\tb\n9\tended\t0\tforged")
        writer.add(ms: 1_200, what: "enters application", channel: 1, detail: "")
        let moments = StoredTimeline(writer.text).moments
        #expect(
            moments == [
                .init(ms: 0, what: "created", channel: "PJSIP/1 2", detail: "a b 9 ended 0 forged"),
                .init(ms: 1_200, what: "enters application", channel: "b", detail: ""),
            ])
    }

    @Test("Nonsense is read as nothing", arguments: ["", "\n\n\n", "a\nx\ty", "a\n1\tx\ty\tz", "\t\t\n\t\t\t"])
    func nonsense(text: String) {
        #expect(StoredTimeline(text).moments.isEmpty)
    }
}
