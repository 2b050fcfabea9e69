import AMI
import CallCore

/// Something that managers are told who may hear of its classes. Its fields are made only when somebody does.
@CallActor
struct AMIEvent {
    let name: String
    let classes: AMIClasses
    private let make: @CallActor () -> [AMIRequest.Field]

    init(_ name: String, _ classes: AMIClasses, _ fields: @autoclosure @escaping @CallActor () -> [AMIRequest.Field] = []) {
        self.name = name
        self.classes = classes
        make = fields
    }

    var fields: [AMIRequest.Field] { make() }

    /// The same with its fields made, for who looks at them more than once.
    var settled: AMIEvent {
        let fields = fields
        return AMIEvent(name, classes, fields)
    }

    /// - Parameter timestamp: seconds since the epoch with microseconds, where events tell when they were.
    func message(timestamp: String?) -> AMIMessage {
        var message = AMIMessage([.init("Event", name), .init("Privilege", classes.privilege)])
        if let timestamp { message.add("Timestamp", timestamp) }
        message.add(fields)
        return message
    }
}
