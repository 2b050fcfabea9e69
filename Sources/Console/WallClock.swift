import Foundation

enum WallClock {
    static var nowMs: Int64 { Int64(Date().timeIntervalSince1970 * 1_000) }
}
