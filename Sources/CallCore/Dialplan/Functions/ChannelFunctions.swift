import ARIModel
import Dialplan

extension DialplanFunction {
    /// CHANNEL(item[,argument])
    static let channel = DialplanFunction(
        read: { call in
            guard let channel = call.channel else { return nil }
            let item = call[0].lowercased()
            switch item {
            case "name": return ExpandedText(channel.name)
            case "uniqueid": return ExpandedText(channel.id)
            case "linkedid": return ExpandedText(channel.linkedID)
            case "state": return ExpandedText(channel.state.wireName)
            case "language": return ExpandedText(channel.language)
            case "accountcode": return ExpandedText(channel.accountCode)
            case "channeltype": return ExpandedText(channel.technology)
            case "context": return ExpandedText(channel.location.context)
            case "exten": return fromCaller(channel.location.extension)
            case "priority": return ExpandedText(String(channel.location.priority))
            case "musicclass": return ExpandedText(channel.musicClass)
            case "tonezone": return ExpandedText(channel.core.settings.indicationsCountry)
            case "hangupsource": return ExpandedText()
            case "dtmf_features": return ExpandedText()
            default:
                let rest = call.arguments.dropFirst().map(\.trimmed.string)
                return channel.leg?.property(item, arguments: rest).map(fromCaller)
            }
        },
        write: { call, value in
            guard let channel = call.channel else { return false }
            switch call[0].lowercased() {
            case "language": channel.language = value.string
            case "accountcode": channel.accountCode = value.string
            case "musicclass": channel.musicClass = value.string
            default: return false
            }
            return true
        })

    /// EXTEN()
    static let exten = DialplanFunction(read: { call in call.channel.map { fromCaller($0.location.extension) } })

    /// HANGUPCAUSE()
    static let hangupCause = DialplanFunction(read: { call in
        call.channel.map { ExpandedText($0.technologyCause.map { "SIP \($0)" } ?? String($0.hangupCause.number)) }
    })

    /// TIMEOUT(digit|response|absolute), in seconds
    static let timeout = DialplanFunction(
        read: { call in
            guard let channel = call.channel else { return nil }
            switch call[0].lowercased() {
            case "digit": return ExpandedText(fixed(Double(channel.timeouts.digitMs) / 1_000, decimals: 3))
            case "response": return ExpandedText(fixed(Double(channel.timeouts.responseMs) / 1_000, decimals: 3))
            case "absolute":
                guard let end = channel.timeouts.absoluteAtMs else { return "0" }
                return ExpandedText(fixed(Double(end - channel.core.scheduler.nowMs) / 1_000, decimals: 3))
            default: return nil
            }
        },
        write: { call, value in
            guard let channel = call.channel, let seconds = Double(value.trimmed.string), seconds.isFinite else { return false }
            let ms = Int(min(max(0, seconds), 604_800) * 1_000)
            switch call[0].lowercased() {
            case "digit": channel.timeouts.digitMs = ms
            case "response": channel.timeouts.responseMs = ms
            case "absolute": channel.setAbsoluteTimeout(ms: ms)
            default: return false
            }
            return true
        })

    /// PJSIP_HEADER(read,name[,index]) and PJSIP_HEADER(add,name)
    static let sipHeader = DialplanFunction(
        read: { call in
            guard let channel = call.channel, call[0].lowercased() == "read" else { return nil }
            return channel.leg?.requestHeader(call[1], index: max(1, Int(call[2]) ?? 1)).map(fromCaller)
        },
        write: { call, value in
            guard let channel = call.channel, ["add", "update"].contains(call[0].lowercased()), !call[1].isEmpty else { return false }
            channel.leg?.addRequestHeader(call[1], value.string)
            return true
        })
}

extension Channel {
    /// Ends the call after `ms` from now; 0 takes the limit off.
    func setAbsoluteTimeout(ms: Int) {
        timeouts.absoluteTimer?.cancel()
        timeouts.absoluteTimer = nil
        timeouts.absoluteAtMs = nil
        guard ms > 0 else { return }
        timeouts.absoluteAtMs = core.scheduler.nowMs + Int64(ms)
        timeouts.absoluteTimer = core.scheduler.schedule(afterMs: ms) { [weak self] in
            self?.requestHangup(cause: .normalClearing)
        }
    }
}
