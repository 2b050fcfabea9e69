/// Names every bound of this module; text, files and loops beyond them are refused or cut, never trusted.
public struct DialplanLimits: Sendable {
    /// Largest single file, in bytes.
    public var maxFileBytes = 4 << 20
    /// Longest line, in bytes, comment included.
    public var maxLineBytes = 8192
    /// How deep `#include` may nest.
    public var maxIncludeDepth = 16
    /// How many files one dialplan may be made of.
    public var maxFiles = 1000
    public var maxContexts = 10_000
    /// How many priorities all extensions may have together.
    public var maxPriorities = 500_000
    /// Longest extension name or pattern, in bytes.
    public var maxExtensionBytes = 256
    /// Diagnostics beyond this number are counted, not kept.
    public var maxDiagnostics = 1000

    public init() {}

    /// Highest priority number.
    public static let maxPriorityNumber = 1_000_000
    /// How deep `include =>` is followed when an extension is looked up.
    public static let maxContextDepth = 64
    /// How deep `${…}` and `$[…]` may nest.
    public static let maxSubstitutionDepth = 64
    /// Longest text that an expansion can give, in bytes; the rest is cut off.
    public static let maxExpandedBytes = 65_536
    /// How deep parentheses, conditionals and unary operators of one expression may nest.
    public static let maxExpressionDepth = 64
    /// Longest number that is read as one, in bytes.
    public static let maxNumberBytes = 64
    /// How deep groups of a regular expression may nest.
    public static let maxRegexDepth = 64
    /// Largest compiled regular expression, in instructions.
    public static let maxRegexInstructions = 2000
    /// Most work one match may take: instructions times bytes of text.
    public static let maxRegexWork = 1_000_000
    /// Most arguments one text is split into; the last one keeps the rest.
    public static let maxArguments = 1024
    /// How deep Gosub may nest.
    public static let maxGosubDepth = 128
    /// How deep While may nest within one routine.
    public static let maxWhileDepth = 64
    /// How deep ExecIf may nest.
    public static let maxExecDepth = 8
    /// Local variables of one Gosub frame.
    public static let maxLocals = 1024
    /// Applications run inside the interpreter in a row before it is taken for an endless loop.
    public static let maxInternalSteps = 100_000
    /// Steps without an application after which the interpreter lets others have their turn.
    public static let maxStepsOfTurn = 200
}
