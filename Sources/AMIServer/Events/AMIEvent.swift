import AMI
import NIOCore

/// Something that managers are told who may hear of its classes.
struct AMIEvent: Sendable {
    let name: String
    let classes: AMIClasses
    var fields: [AMIRequest.Field]

    init(_ name: String, _ classes: AMIClasses, _ fields: [AMIRequest.Field] = []) {
        self.name = name
        self.classes = classes
        self.fields = fields
    }

    /// - Parameter timestamp: seconds since the epoch with microseconds, where events tell when they were.
    func message(timestamp: String?) -> AMIMessage {
        var message = AMIMessage([.init("Event", name), .init("Privilege", classes.privilege)])
        if let timestamp { message.add("Timestamp", timestamp) }
        message.add(fields)
        return message
    }
}
