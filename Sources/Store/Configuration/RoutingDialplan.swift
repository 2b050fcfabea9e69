// Extensions and routes as dialplan: what an administrator can read, and include in contexts of their own.
extension Configuration {
    /// The name of the generated dialplan file.
    public static let routingFileName = "routing"
    /// Extensions that can be dialled.
    static let extensionsContext = "arioso-extensions"
    /// What may be called through providers.
    static let outgoingContext = "arioso-outgoing"
    /// Rings an extension: a subroutine that comes back when nobody answered.
    private static let ringContext = "arioso-ring"
    private static let limitsContext = "arioso-outside-limits"

    /// What somebody hears who is called to speak a sound.
    public static let recordSoundContext = "arioso-record-sound"

    private static let recordingSounds = """
        [\(recordSoundContext)]
        exten => record,1,Answer()
         same => n,Wait(1)
         same => n,Playback(beep)
         same => n,MixMonitor(${SOUND_RECORDING}.wav)
         same => n,Read(KEY,,1,,1,300)
         same => n,StopMixMonitor()
         same => n,Playback(beep)

        """

    /// The context of a provider's calls.
    static func incomingContext(of provider: String) -> String { "arioso-incoming-\(provider)" }

    /// The dialplan of extensions and routes; empty when there are none.
    var routingDialplan: String {
        var parts: [String] = []
        let dialled = extensions.filter { Self.canBeDialled($0.number) }
        let incoming = incomingRoutes.filter(\.enabled)
        let outgoing = outgoingRoutes.filter { $0.enabled && !$0.providers.isEmpty }
        if !dialled.isEmpty {
            parts.append(Self.recordingSounds)
            parts.append("[\(Self.extensionsContext)]\n" + dialled.map(Self.calling).joined())
            parts.append("[\(Self.ringContext)]\n" + dialled.map(Self.ringing).joined())
        }
        if !outgoing.isEmpty {
            let limited = extensions.filter { $0.outside != Extension.OutsideCalls() }
            if !limited.isEmpty { parts.append("[\(Self.limitsContext)]\n" + limited.map(Self.limits).joined() + Self.noLimits) }
            parts.append("[\(Self.outgoingContext)]\n" + outgoing.indices.map { "include => arioso-outgoing-\($0 + 1)\n" }.joined())
            parts += outgoing.enumerated().map { Self.text(of: $1, number: $0 + 1, hasLimits: !limited.isEmpty) }
        }
        parts += providers.filter(\.enabled).map { Self.context(of: $0, routes: incoming) }
        let names = Set(dialled.map(\.number))
        parts += incoming.enumerated().map { Self.text(of: $1, number: $0 + 1, extensions: names) }
        let includes = (dialled.isEmpty ? [] : [Self.extensionsContext]) + (outgoing.isEmpty ? [] : [Self.outgoingContext])
        if !includes.isEmpty {
            parts.append("[\(Self.internalContext)]\n" + includes.map { "include => \($0)\n" }.joined())
        }
        return parts.joined(separator: "\n")
    }

    /// A pattern, or one of the dialplan's own words (`h`, `s`, `i` …), can't stand for a phone.
    private static func canBeDialled(_ number: String) -> Bool {
        !number.hasPrefix("_") && (number.utf8.count > 1 || number.utf8.allSatisfy(\.isASCIIDigit))
    }

    // MARK: - Extensions

    private static func calling(_ phone: Extension) -> String {
        """
        exten => \(phone.number),1,Gosub(\(ringContext),\(phone.number),1(\(phone.ringSeconds)))
        \(ending)exten => \(phone.number),hint,PJSIP/\(phone.number)

        """
    }

    private static func ringing(_ phone: Extension) -> String {
        let ways = [
            ("BUSY", phone.forwarding.busy), ("NOANSWER", phone.forwarding.unanswered), ("CHANUNAVAIL", phone.forwarding.unavailable),
        ]
        .filter { !$0.1.isEmpty }
        var lines: [String] = []
        if !phone.forwarding.always.isEmpty {
            lines.append("Set(FORWARD_TO=\(phone.forwarding.always))")
        } else {
            lines.append("Dial(PJSIP/\(phone.number),${ARG1})")
            guard !ways.isEmpty else { return block(phone.number, lines + ["Return()"]) }
            lines.append("Set(FORWARD_TO=)")
            lines += ways.map { "ExecIf($[\"${DIALSTATUS}\" = \"\($0.0)\"]?Set(FORWARD_TO=\($0.1)))" }
            lines.append("GotoIf($[\"${FORWARD_TO}\" = \"\"]?done)")
        }
        // Two that forward to each other end here, and not never.
        lines += [
            "GotoIf($[0${FORWARDS} >= 5]?done)", "Set(__FORWARDS=$[0${FORWARDS} + 1])", "Set(__FORWARDED_BY=\(phone.number))",
            "Set(REDIRECTING(from-num)=\(phone.number))", "Goto(\(phone.context),${FORWARD_TO},1)",
        ]
        return block(phone.number, lines) + " same => n(done),Return()\n"
    }

    private static func limits(_ phone: Extension) -> String {
        var lines: [String] = []
        if phone.outside.maxCalls > 0 { lines.append("Set(OUTSIDE_CALLS=\(phone.outside.maxCalls))") }
        if phone.outside.maxMinutes > 0 { lines.append("Set(OUTSIDE_OPTIONS=S(\(phone.outside.maxMinutes * 60)))") }
        return block("for\(phone.number)", lines + ["Return()"])
    }

    private static let noLimits = "exten => _for!,1,Return()\n"

    // MARK: - Outgoing

    private static func text(of route: OutgoingRoute, number: Int, hasLimits: Bool) -> String {
        let context = "arioso-outgoing-\(number)"
        var lines = ["Set(OUTSIDE_FOR=${IF($[\"${FORWARDED_BY}\" = \"\"]?${CHANNEL(endpoint)}:${FORWARDED_BY})})"]
        if !route.extensions.isEmpty {
            lines += ["Gosub(\(context)-allowed,for${OUTSIDE_FOR},1)", "GotoIf($[\"${GOSUB_RETVAL}\" = \"yes\"]?:refused)"]
        }
        if hasLimits {
            lines += [
                "Set(OUTSIDE_CALLS=0)", "Set(OUTSIDE_OPTIONS=)", "Gosub(\(limitsContext),for${OUTSIDE_FOR},1)",
                "GotoIf($[${OUTSIDE_CALLS} > 0 & ${GROUP_COUNT(${OUTSIDE_FOR}@outside)} >= ${OUTSIDE_CALLS}]?refused)",
                "Set(GROUP(outside)=${OUTSIDE_FOR})",
            ]
        }
        let rest = route.strip == 0 ? "${EXTEN}" : "${EXTEN:\(route.strip)}"
        for (index, provider) in route.providers.enumerated() {
            if index > 0 { lines.append("GotoIf($[\"${DIALSTATUS}\" = \"CHANUNAVAIL\" | \"${DIALSTATUS}\" = \"CONGESTION\"]?:done)") }
            lines.append("Dial(PJSIP/\(route.prepend)\(rest)@\(provider),\(route.seconds),\(hasLimits ? "${OUTSIDE_OPTIONS}" : ""))")
        }
        let body =
            block(dialplanPattern(route.pattern), lines) + """
                 same => n,Goto(done)
                 same => n(refused),Log(NOTICE,${OUTSIDE_FOR} may not call ${EXTEN} now)
                 same => n,Hangup(21)
                 same => n(done),NoOp()

                """
        let allowed = route.extensions.map { "exten => for\($0),1,Return(yes)\n" }.joined() + "exten => _for!,1,Return(no)\n"
        return "[\(context)]\n; \(route.name)\n" + body + (route.extensions.isEmpty ? "" : "\n[\(context)-allowed]\n" + allowed)
    }

    // MARK: - Incoming

    private static func context(of provider: Provider, routes: [IncomingRoute]) -> String {
        let own = routes.indices.filter { routes[$0].provider.isEmpty || routes[$0].provider == provider.name }
        return "[\(incomingContext(of: provider.name))]\n" + own.map { "include => arioso-incoming-route-\($0 + 1)\n" }.joined()
    }

    private static func text(of route: IncomingRoute, number: Int, extensions: Set<String>) -> String {
        var lines: [String] = []
        if !route.application.isEmpty {
            lines += ["Stasis(\(route.application))", "GotoIf($[\"${STASISSTATUS}\" = \"FAILED\"]?:done)"]
        } else if extensions.contains(route.destination) {
            lines.append("Gosub(\(ringContext),\(route.destination),1(\(route.seconds)))")
        } else {
            lines.append("Goto(\(internalContext),\(route.destination),1)")
        }
        if !route.fallbackApplication.isEmpty {
            lines.append("Stasis(\(route.fallbackApplication))")
        } else if !route.fallback.isEmpty {
            lines.append("Goto(\(internalContext),\(route.fallback),1)")
        }
        // Any number: two characters or more, a single digit, or none at all, but none of the dialplan's own words.
        let patterns = route.number.isEmpty ? ["_[+*#0-9A-Za-z].", "_[*#0-9]", "s"] : [dialplanPattern(route.number)]
        let blocks = patterns.map { block($0, lines) + " same => n(done),NoOp()\n" + ending }
        return "[arioso-incoming-route-\(number)]\n; \(route.name)\n" + blocks.joined()
    }

    // MARK: -

    /// Behind a call that nobody took: nobody is there (480); what DIALSTATUS says otherwise comes of itself at the end.
    private static let ending = " same => n,ExecIf($[\"${DIALSTATUS}\" = \"CHANUNAVAIL\"]?Hangup(20))\n"

    private static func block(_ extension: String, _ lines: [String]) -> String {
        lines.enumerated().map { $0 == 0 ? "exten => \(`extension`),1,\($1)\n" : " same => n,\($1)\n" }.joined()
    }
}

extension Configuration.Provider {
    /// The dialplan context of its calls: its own, or that of the incoming routes.
    public var incomingContext: String { context.isEmpty ? Configuration.incomingContext(of: name) : context }
}
