import ARIModel
import CallCore

extension EventDelivery {
    /// Reads what a client asks for beyond the events when it opens a socket: `seq`, `resume` and `after` (lists in the order of `app`),
    /// `consumers`, `finalEvents`.
    ///
    /// - Parameter count: how many applications the socket is for.
    static func deliveries(_ fields: [NamedValue], count: Int) throws(ARIError) -> [EventDelivery] {
        func value(_ name: String) -> String? { fields.last { $0.name == name }?.value }
        func flag(_ name: String) -> Bool { value(name).map(isTrue) ?? false }
        var common = EventDelivery()
        common.isNumbered = flag("seq")
        common.wantsFinalEvents = flag("finalEvents")
        switch value("consumers") {
        case nil, "exclusive": break
        case "shared": common.isShared = true
        default: throw ARIError(400, "consumers must be shared or exclusive")
        }
        guard let resume = value("resume") else { return Array(repeating: common, count: count) }
        common.isNumbered = true
        let tokens = splitList(resume)
        let numbers = splitList(value("after") ?? "").compactMap { Int($0) }
        guard tokens.count == count, numbers.count == count, numbers.allSatisfy({ $0 >= 0 }) else {
            throw ARIError(400, "resume and after must have one value for each app, in the order of app")
        }
        return zip(tokens, numbers).map { token, number in
            var delivery = common
            delivery.resumePoint = ResumePoint(token: token, sequence: number)
            return delivery
        }
    }
}
