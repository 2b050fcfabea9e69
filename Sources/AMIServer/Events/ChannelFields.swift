import AMI
import ARIModel
import CallCore
import Dialplan

/// What messages tell of a channel or a bridge, by the names of the reference.
@CallActor
struct EventFields {
    let core: CallCore
    /// Variables that are told with each channel.
    var variables: [String] = []

    private static let unknown = "<unknown>"

    private static func known(_ text: String) -> String { text.isEmpty ? unknown : text }

    /// The fields of a channel; `prefix` says which one where there are several, such as `Dest`.
    func channel(_ channel: ARIModel.Channel, prefix: String = "") -> [AMIRequest.Field] {
        let live = core.channels[channel.id]
        var fields: [AMIRequest.Field] = [
            .init("\(prefix)Channel", channel.name), .init("\(prefix)ChannelState", String(channel.state.rawValue)),
            .init("\(prefix)ChannelStateDesc", channel.state.wireName), .init("\(prefix)CallerIDNum", Self.known(channel.caller.number)),
            .init("\(prefix)CallerIDName", Self.known(channel.caller.name)),
            .init("\(prefix)ConnectedLineNum", Self.known(channel.connected.number)),
            .init("\(prefix)ConnectedLineName", Self.known(channel.connected.name)), .init("\(prefix)Language", channel.language),
            .init("\(prefix)AccountCode", channel.accountCode), .init("\(prefix)Context", channel.dialplan.context),
            .init("\(prefix)Exten", channel.dialplan.exten), .init("\(prefix)Priority", String(channel.dialplan.priority)),
            .init("\(prefix)Uniqueid", channel.id), .init("\(prefix)Linkedid", live?.linkedID ?? channel.id),
        ]
        for name in variables {
            fields.append(.init("\(prefix)ChanVariable", "\(name)=\(live?.variable(name)?.string ?? "")"))
        }
        return fields
    }

    func channel(_ channel: CallCore.LiveChannel, prefix: String = "") -> [AMIRequest.Field] {
        self.channel(channel.snapshot, prefix: prefix)
    }

    func bridge(_ bridge: ARIModel.Bridge, prefix: String = "") -> [AMIRequest.Field] {
        [
            .init("\(prefix)BridgeUniqueid", bridge.id), .init("\(prefix)BridgeType", bridge.bridgeClass),
            .init("\(prefix)BridgeTechnology", bridge.technology), .init("\(prefix)BridgeCreator", Self.known(bridge.creator)),
            .init("\(prefix)BridgeName", Self.known(bridge.name)), .init("\(prefix)BridgeNumChannels", String(bridge.channels.count)),
            .init("\(prefix)BridgeVideoSourceMode", bridge.videoMode),
        ]
    }

    /// Hours, minutes and seconds.
    static func duration(_ seconds: Int64) -> String {
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(two(seconds / 3_600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
    }

    /// Line breaks, tabs and backslashes as C writes them, for the values of variables.
    static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\\") }) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\\": result += "\\\\"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
