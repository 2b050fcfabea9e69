/// A place in the dialplan.
public struct DialplanLocation: Sendable, Hashable, CustomStringConvertible {
    public var context: String
    /// The extension, which is the caller's text when it was dialled.
    public var exten: ExpandedText
    /// Counts from 1.
    public var priority: Int

    public init(context: String, exten: ExpandedText, priority: Int = 1) {
        self.context = context
        self.exten = exten
        self.priority = priority
    }

    /// A place that was dialled: the extension is the caller's text.
    public init(context: String, dialed: String, priority: Int = 1) {
        self.init(context: context, exten: ExpandedText(dialed, tainted: true), priority: priority)
    }

    public var description: String { "\(context),\(exten),\(priority)" }

    /// The next priority of the same extension.
    var next: DialplanLocation {
        DialplanLocation(context: context, exten: exten, priority: priority &+ 1)
    }

    func isSamePlace(as other: DialplanLocation) -> Bool {
        priority == other.priority && context == other.context && exten.bytes == other.exten.bytes
    }
}
