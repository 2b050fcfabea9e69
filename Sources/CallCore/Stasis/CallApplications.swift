/// Opens a connection for each call that enters certain applications.
@CallActor
public protocol CallApplicationOpener: AnyObject {
    /// Whether calls into an application have connections of their own.
    func opens(_ application: String) -> Bool
    /// Opens the connection of one call.
    /// - Returns: the name of the application that the call enters instead; nil, told in the log, when there is no connection.
    func open(_ application: String, for channel: Channel) async -> String?
    /// The call has left the application that was opened for it.
    func callLeft(_ application: String)
}
