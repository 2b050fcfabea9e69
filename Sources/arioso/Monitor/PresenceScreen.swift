import Foundation
import Glibc

/// Draws the table on a terminal, or prints a line for each change where there is none.
struct PresenceScreen {
    private static let words = [
        "NOT_INUSE": ("Available", "32"), "INUSE": ("In use", "33"), "BUSY": ("Busy", "31"), "RINGING": ("Ringing", "33"),
        "RINGINUSE": ("Ringing", "33"), "ONHOLD": ("On hold", "33"), "UNAVAILABLE": ("Unavailable", "2"), "INVALID": ("Unavailable", "2"),
        "UNKNOWN": ("Unknown", "2"),
    ]

    let isTerminal: Bool
    private var printed: [String: PresenceTable.Row] = [:]

    init(isTerminal: Bool) { self.isTerminal = isTerminal }

    /// Takes over the terminal: a screen of its own, without a cursor.
    func open() { if isTerminal { write("\u{1B}[?1049h\u{1B}[?25l") } }

    /// Gives the terminal back.
    func close() { if isTerminal { write("\u{1B}[?25h\u{1B}[?1049l") } }

    mutating func draw(_ table: PresenceTable, title: String, status: String) {
        if isTerminal {
            write("\u{1B}[H" + page(table, title, status).map { "\($0)\u{1B}[K" }.joined(separator: "\r\n") + "\u{1B}[J")
        } else {
            printChanges(table)
        }
    }

    /// The lines of the page, no more than fit.
    func page(_ table: PresenceTable, _ title: String, _ status: String, size: (columns: Int, rows: Int)? = nil) -> [String] {
        let size = size ?? Self.terminalSize
        let width = min(60, size.columns)
        let numbers = table.numbers
        let shown = numbers.prefix(max(0, size.rows - 6))
        var lines = ["\u{1B}[1m\(Self.cut(title, size.columns))\u{1B}[0m", String(repeating: "─", count: width)]
        lines.append("\u{1B}[2m" + Self.cut(Self.pad("Number", 12) + Self.pad("Status", 14) + "Updated", size.columns) + "\u{1B}[0m")
        for number in shown {
            guard let row = table.rows[number] else { continue }
            let (word, colour) = Self.words[row.state] ?? (row.state, "0")
            let left = Self.pad(number, 12)
            let rest = row.updated.map(Self.clock) ?? ""
            lines.append(
                size.columns < 34
                    ? Self.cut("\(left)\(word)", size.columns) : "\(left)\u{1B}[\(colour)m\(Self.pad(word, 14))\u{1B}[0m\(rest)")
        }
        if table.rows.isEmpty { lines.append("No extensions yet.") }
        if shown.count < numbers.count { lines.append("… \(numbers.count - shown.count) more") }
        return lines + ["", "\u{1B}[2m\(Self.cut("Extensions: \(numbers.count)   \(status)", size.columns))\u{1B}[0m"]
    }

    private mutating func printChanges(_ table: PresenceTable) {
        for number in table.numbers where printed[number] != table.rows[number] {
            let row = table.rows[number]
            write("\((row?.updated).map(Self.clock) ?? "        ")  \(Self.pad(number, 12))\(row?.state ?? "")\n")
        }
        printed = table.rows
    }

    private static var terminalSize: (columns: Int, rows: Int) {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return (80, 24) }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        let short = text.count < width ? text : String(text.prefix(width - 2)) + "…"
        return short + String(repeating: " ", count: max(0, width - short.count))
    }

    private static func cut(_ text: String, _ width: Int) -> String { String(text.prefix(max(0, width))) }

    private static func clock(_ time: Date) -> String {
        time.formatted(
            .verbatim(
                "\(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits):\(second: .twoDigits)",
                timeZone: .current, calendar: .current))
    }

    private func write(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }
}
