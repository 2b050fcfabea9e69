import CallCore
import Dialplan
import Store

extension CallCore {
    /// Calls a number and records what is said there after the beep, until a key is pressed or the call ends.
    ///
    /// - Returns: the id of the channel.
    /// - Throws: `DialRefusal` when the number can't be called.
    @CallActor
    func recordByPhone(number: String, recording: String) throws(DialRefusal) -> String {
        let isExtension = endpoints["PJSIP", number] != nil
        var request = OriginateRequest(
            endpoint: isExtension ? "PJSIP/\(number)" : "Local/\(number)@\(Configuration.internalContext)",
            target: .dialplan(DialplanLocation(context: Configuration.recordSoundContext, extension: "record")))
        request.timeoutMs = Self.defaultOriginateTimeoutMs
        request.callerID = "Record a sound"
        request.variables = [VariableAssignment(name: "SOUND_RECORDING", value: recording)]
        return try originate(request).id
    }
}
