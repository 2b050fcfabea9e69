/// Names the limits of the media engine that are not settings.
public enum MediaLimits {
    /// Digits waiting to be sent on one port.
    public static let maxDigitsQueued = 64
    /// Largest UDP payload received; longer ones are thrown away.
    public static let maxPacketBytes = 2_048
    /// Pipes in a chain between two legs; longer chains stay silent.
    public static let maxChain = 32
    /// Waiting commands per media thread from which on no port is opened; from twice as many on, others than closing are dropped.
    public static let maxCommandsQueued = 65_536
    /// Ticks made up for after a late wake-up; earlier ones are skipped.
    public static let maxTicksMadeUp = 5
}
