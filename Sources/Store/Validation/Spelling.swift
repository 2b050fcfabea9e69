/// Finds what someone probably meant.
enum Spelling {
    /// Words longer than this are not compared; no key is that long.
    static let longestWord = 64

    /// Says which known word is near, or which ones there are.
    static func advice(for word: String, among known: [String], noun: String = "keys") -> String {
        if let near = nearest(to: word, among: known) { return "Did you mean \(near)?" }
        return "Known \(noun): \(known.joined(separator: ", "))."
    }

    /// Finds the known word that differs least; nil when none is near enough to be meant.
    static func nearest(to word: String, among known: [String]) -> String? {
        let wanted = plain(word)
        guard wanted.count <= longestWord, !wanted.isEmpty else { return nil }
        let ranked = known.map { (word: $0, distance: distance(wanted, plain($0))) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
        return best.distance <= max(1, wanted.count / 3) ? best.word : nil
    }

    /// `http_port`, `http-port` and `HTTPPort` are one word.
    private static func plain(_ word: String) -> [UInt8] {
        word.lowercased().utf8.filter { $0 != UInt8(ascii: "_") && $0 != UInt8(ascii: "-") }
    }

    /// Counts the insertions, deletions, replacements and swaps of neighbours between two words (Damerau, Levenshtein).
    private static func distance(_ first: [UInt8], _ second: [UInt8]) -> Int {
        // One row per letter of the first word, starting with none.
        var rows = [Array(0...second.count)]
        for i in first.indices {
            var row = [i + 1]
            for j in second.indices {
                var best = min(rows[i][j] + (first[i] == second[j] ? 0 : 1), rows[i][j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, first[i] == second[j - 1], first[i - 1] == second[j] {
                    best = min(best, rows[i - 1][j - 1] + 1)
                }
                row.append(best)
            }
            rows.append(row)
        }
        return rows[first.count][second.count]
    }
}
