/// Maps SIP statuses to Q.850 causes and back (RFC 3398 sections 7.2.4.1 and 8.2.6.1, with the choices that PBXs
/// commonly make where it has none).
public enum Q850Cause {
    public static let normalClearing = 16
    public static let interworking = 127

    /// The cause of a failed call, for a final status 300...699.
    public static func cause(forStatus status: Int) -> Int {
        switch status {
        case 401, 402, 403, 407, 603: 21
        case 404, 485, 604: 1
        case 408: 18
        case 409: 41
        case 410: 22
        case 480, 483: 19
        case 484: 28
        case 486, 600: 17
        case 488, 606: 58
        case 500: 38
        case 501: 29
        case 502: 27
        case 503: 34
        case 504: 102
        default: interworking
        }
    }

    /// The final status that refuses a call for a cause; 603 for causes that say nothing better.
    public static func status(forCause cause: Int) -> Int {
        switch cause {
        case 1, 2, 3: 404
        case 17: 486
        case 18: 408
        case 19, 20, 31: 480
        case 21, 55, 57, 87: 403
        case 22, 23: 410
        case 27: 502
        case 28: 484
        case 29, 79: 501
        case 34, 41, 42, 47: 503
        case 38, 111, 127: 500
        case 58, 65, 70, 88: 488
        case 102: 504
        default: 603
        }
    }
}
