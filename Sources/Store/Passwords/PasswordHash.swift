internal import Crypto
internal import CryptoExtras
internal import Foundation

/// A password as it is kept: a salted scrypt hash (RFC 7914), written `$scrypt$ln=15,r=8,p=1$<salt>$<hash>` with Base64 without padding.
public struct PasswordHash: Sendable, Hashable, CustomStringConvertible {
    /// Cost of new hashes: 2^15 rounds of 8 blocks is 32 MiB and about a tenth of a second.
    private static let newCost = Cost(logRounds: 15, blockSize: 8, parallelism: 1)
    private static let saltBytes = 16
    private static let hashBytes = 32
    static let prefix = "$scrypt$"

    private struct Cost: Hashable {
        var logRounds: Int
        var blockSize: Int
        var parallelism: Int

        /// Bounds that keep a hash from elsewhere from taking all memory or minutes: at most 128 MiB.
        var isBearable: Bool {
            (10...17).contains(logRounds) && (1...8).contains(blockSize) && (1...16).contains(parallelism)
        }
    }

    private let cost: Cost
    private let salt: [UInt8]
    private let hash: [UInt8]

    /// Reads a stored hash; nil when the text is none, or its cost is out of bounds.
    public init?(_ text: String) {
        guard text.hasPrefix(Self.prefix) else { return nil }
        let parts = text.dropFirst(Self.prefix.count).split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 3, let cost = Self.cost(parts[0]), cost.isBearable, let salt = Self.decode(parts[1]),
            let hash = Self.decode(parts[2]),
            (8...64).contains(salt.count), (16...64).contains(hash.count)
        else { return nil }
        (self.cost, self.salt, self.hash) = (cost, salt, hash)
    }

    /// Hashes a password with a new salt; takes about a tenth of a second.
    ///
    /// - Throws: when there is no memory for it.
    public init(of password: String) throws {
        cost = Self.newCost
        salt = (0..<Self.saltBytes).map { _ in UInt8.random(in: .min ... .max) }
        hash = try Self.derive(password, salt, cost, Self.hashBytes)
    }

    /// Tells whether the password is the right one; takes as long as making the hash.
    public func matches(_ password: String) -> Bool {
        guard let given = try? Self.derive(password, salt, cost, hash.count), given.count == hash.count else { return false }
        // Without an early end, so that the time tells nothing.
        return zip(given, hash).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    public var description: String {
        "\(Self.prefix)ln=\(cost.logRounds),r=\(cost.blockSize),p=\(cost.parallelism)$\(Self.encode(salt))$\(Self.encode(hash))"
    }

    private static func derive(_ password: String, _ salt: [UInt8], _ cost: Cost, _ count: Int) throws -> [UInt8] {
        try KDF.Scrypt.deriveKey(
            from: Array(password.utf8), salt: salt, outputByteCount: count, rounds: 1 << cost.logRounds, blockSize: cost.blockSize,
            parallelism: cost.parallelism
        ).withUnsafeBytes { Array($0) }
    }

    private static func cost(_ text: Substring) -> Cost? {
        var values: [String: Int] = [:]
        for pair in text.split(separator: ",") {
            let sides = pair.split(separator: "=")
            guard sides.count == 2, let number = Int(sides[1]) else { return nil }
            values[String(sides[0])] = number
        }
        guard let rounds = values["ln"], let size = values["r"], let parallelism = values["p"] else { return nil }
        return Cost(logRounds: rounds, blockSize: size, parallelism: parallelism)
    }

    private static func encode(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacingOccurrences(of: "=", with: "")
    }

    private static func decode(_ text: Substring) -> [UInt8]? {
        Data(base64Encoded: text + String(repeating: "=", count: (4 - text.count % 4) % 4)).map(Array.init)
    }
}
