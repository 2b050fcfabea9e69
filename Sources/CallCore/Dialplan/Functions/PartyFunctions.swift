import Dialplan

extension DialplanFunction {
    /// CALLERID(num|name|all|pres|ANI|RDNIS|DNID)
    static let callerID = DialplanFunction(
        read: { call in
            guard let channel = call.channel else { return nil }
            switch call[0].lowercased() {
            case "num", "number", "ani", "ani-num": return fromCaller(channel.caller.number)
            case "name", "ani-name": return fromCaller(channel.caller.name)
            case "all", "ani-all": return fromCaller(channel.caller.written)
            case "pres", "num-pres", "name-pres": return ExpandedText(channel.caller.presentation.word)
            case "rdnis": return fromCaller(channel.redirectingNumber)
            case "dnid": return fromCaller(channel.dialledNumber)
            default: return nil
            }
        },
        write: { call, value in
            guard let channel = call.channel else { return false }
            guard channel.caller.set(call[0], value.string) else { return false }
            channel.publish()
            return true
        })

    /// CONNECTEDLINE(num|name|all|pres)
    static let connectedLine = DialplanFunction(
        read: { call in
            guard let party = call.channel?.connected else { return nil }
            switch call[0].lowercased() {
            case "num", "number": return fromCaller(party.number)
            case "name": return fromCaller(party.name)
            case "all": return fromCaller(party.written)
            case "pres": return ExpandedText(party.presentation.word)
            default: return nil
            }
        },
        write: { call, value in
            guard let channel = call.channel else { return false }
            let isImmediate = call[1] != "i"
            guard channel.connected.set(call[0], value.string) else { return false }
            if isImmediate {
                channel.publish()
                channel.leg?.indicate(.connectedLine)
            }
            return true
        })

    /// REDIRECTING(from-num)
    static let redirecting = DialplanFunction(
        read: { call in
            guard let channel = call.channel, ["from-num", "from-number", "num"].contains(call[0].lowercased()) else { return nil }
            return fromCaller(channel.redirectingNumber)
        },
        write: { call, value in
            guard let channel = call.channel, ["from-num", "from-number", "num"].contains(call[0].lowercased()) else { return false }
            channel.redirectingNumber = value.string
            return true
        })
}

extension PartyID {
    /// `"Name" <number>`.
    var written: String { name.isEmpty ? number : "\"\(name)\" <\(number)>" }

    /// Sets the part that a dialplan function names.
    /// - Returns: false for a part that does not exist.
    mutating func set(_ part: String, _ value: String) -> Bool {
        switch part.lowercased() {
        case "num", "number", "ani", "ani-num": number = value
        case "name", "ani-name": name = value
        case "all", "ani-all": (name, number) = (PartyID(parsing: value).name, PartyID(parsing: value).number)
        case "pres", "num-pres", "name-pres":
            guard let new = Presentation(word: value) else { return false }
            presentation = new
        default: return false
        }
        return true
    }
}
