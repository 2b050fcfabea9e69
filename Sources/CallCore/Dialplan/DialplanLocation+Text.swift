public import Dialplan

extension DialplanLocation {
    /// A place whose extension was dialled or given from outside: its text is data.
    public init(context: String, extension number: String, priority: Int = 1) {
        self.init(context: context, dialed: number, priority: priority)
    }

    /// The extension as plain text.
    public var `extension`: String {
        get { exten.string }
        set { exten = ExpandedText(newValue, tainted: true) }
    }
}
