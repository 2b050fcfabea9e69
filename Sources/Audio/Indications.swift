/// The tones that telephone networks of some countries give, as in ITU-T's list of national tones (E.180 supplement).
public enum Indications {
    /// Zone whose tones are given when another zone is unknown or lacks one.
    public static let defaultZone = "us"

    /// Names the zones that are known.
    public static var zones: [String] { tables.keys.sorted() }

    /// Gives the tone `name` of `zone`, both without regard to case.
    ///
    /// Names: `dial`, `busy`, `ring`, `congestion`, `callwaiting`, `dialrecall`, `record`, `info`, `stutter`. The words `ringing`,
    /// `reorder` and `callwait` are understood too. Zones: `us`, `uk` (or `gb`), `de`, `fr`, `ru`; nil for an unknown name or zone.
    public static func tone(_ name: String, zone: String = defaultZone) -> ToneProgram? {
        let zoneName = zone.lowercased()
        let toneName = name.lowercased()
        guard let table = tables[zoneAliases[zoneName] ?? zoneName],
            let text = table[toneAliases[toneName] ?? toneName]
        else { return nil }
        return try? ToneProgram(parsing: text)
    }

    private static let zoneAliases = ["gb": "uk"]
    private static let toneAliases = ["ringing": "ring", "reorder": "congestion", "callwait": "callwaiting"]

    private static let tables: [String: [String: String]] = [
        "us": [
            "dial": "350+440", "busy": "480+620/500,0/500", "ring": "440+480/2000,0/4000",
            "congestion": "480+620/250,0/250", "callwaiting": "440/300,0/10000",
            "dialrecall": "!350+440/100,!0/100,!350+440/100,!0/100,!350+440/100,!0/100,350+440",
            "record": "1400/500,0/15000", "info": "!950/330,!1400/330,!1800/330,0",
            "stutter": "!350+440/100,!0/100,!350+440/100,!0/100,!350+440/100,!0/100,!350+440/100,!0/100,350+440",
        ],
        "uk": [
            "dial": "350+440", "busy": "400/375,0/375", "ring": "400+450/400,0/200,400+450/400,0/2000",
            "congestion": "400/400,0/350,400/225,0/525", "callwaiting": "400/100,0/4000", "dialrecall": "350+440",
            "record": "1400/500,0/60000", "info": "950/330,0/15,1400/330,0/15,1800/330,0/1000", "stutter": "350+440/750,440/750",
        ],
        "de": [
            "dial": "425", "busy": "425/480,0/480", "ring": "425/1000,0/4000", "congestion": "425/240,0/240",
            "callwaiting": "!425/200,!0/200,!425/200,!0/5000,!425/200,!0/200,!425/200,0",
            "dialrecall": "!425/100,!0/100,!425/100,!0/100,!425/100,!0/100,425", "record": "1400/80,0/15000",
            "info": "950/330,1400/330,1800/330,0/1000", "stutter": "400+425",
        ],
        "fr": [
            "dial": "440", "busy": "440/500,0/500", "ring": "440/1500,0/3500", "congestion": "440/250,0/250",
            "callwaiting": "440/300,0/10000", "dialrecall": "!440/100,!0/100,!440/100,!0/100,!440/100,!0/100,440",
            "record": "1400/500,0/15000", "info": "!950/330,!1400/330,!1800/330,0",
            "stutter": "!440/100,!0/100,!440/100,!0/100,!440/100,!0/100,!440/100,!0/100,440",
        ],
        "ru": [
            "dial": "425", "busy": "425/350,0/350", "ring": "425/1000,0/4000", "congestion": "425/175,0/175",
            "callwaiting": "425/200,0/5000", "dialrecall": "425/400,0/40", "record": "1400/400,0/15000",
            "info": "950/330,1400/330,1800/330,0/1000", "stutter": "!425/100,!0/100,!425/100,!0/100,!425/100,!0/100,425",
        ],
    ]
}
