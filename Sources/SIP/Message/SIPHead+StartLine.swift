extension SIPHead {
    /// A longer method makes the line no SIP at all.
    static let maximumMethodBytes = 128

    /// Reads a Request-Line or Status-Line (RFC 3261 7.1, 7.2).
    mutating func readStartLine(_ bytes: Span<UInt8>, _ line: Range<Int>, _ limits: SIPLimits) {
        if line.count >= 4, bytes.equalsIgnoringCase(line.lowerBound..<line.lowerBound &+ 4, "SIP/") {
            readStatusLine(bytes, line)
        } else {
            readRequestLine(bytes, line, limits)
        }
    }

    private mutating func readStatusLine(_ bytes: Span<UInt8>, _ line: Range<Int>) {
        let start = line.lowerBound
        guard line.count >= 11, bytes.equalsIgnoringCase(start..<start &+ 8, "SIP/2.0 ") else {
            startLine = .unreadable("response of another version than SIP/2.0")
            return
        }
        guard let status = bytes.decimal(start &+ 8..<start &+ 11, maximum: 699), status >= 100,
            line.count == 11 || bytes[start &+ 11] == .space
        else {
            startLine = .unreadable("response status outside 100...699")
            return
        }
        let reason = line.count > 12 ? bytes.text(start &+ 12..<line.upperBound).withoutLineBreaks : ""
        startLine = .response(status: status, reason: reason)
    }

    /// Reads `Method SP Request-URI SP SIP-Version`. Further spaces are faults, but the parts around them are still told.
    private mutating func readRequestLine(_ bytes: Span<UInt8>, _ line: Range<Int>, _ limits: SIPLimits) {
        let trimmed = bytes.trimmed(line)
        var versionStart = trimmed.upperBound
        while versionStart > trimmed.lowerBound, !bytes[versionStart &- 1].isSpaceOrTab { versionStart &-= 1 }
        let version = versionStart..<trimmed.upperBound
        var methodEnd = trimmed.lowerBound
        bytes.skip(.token, &methodEnd, trimmed.upperBound)
        guard version.count >= 4, bytes.equalsIgnoringCase(version.lowerBound..<version.lowerBound &+ 4, "SIP/"),
            methodEnd > trimmed.lowerBound, methodEnd < versionStart, bytes[methodEnd].isSpaceOrTab,
            methodEnd &- trimmed.lowerBound <= Self.maximumMethodBytes
        else {
            startLine = .unreadable("neither a request line nor a status line of SIP")
            return
        }
        let method = SIPMethod(bytes.text(trimmed.lowerBound..<methodEnd))
        let target = bytes.trimmed(methodEnd..<versionStart)
        checkVersion(bytes, version)
        if target.isEmpty {
            fail(400, "Missing Request-URI")
        } else if trimmed != line || target.lowerBound != methodEnd &+ 1 || target.upperBound != versionStart &- 1 {
            fail(400, "More than one space between the parts of the request line")
        }
        startLine = .request(method, readTarget(bytes, target, limits))
    }

    private mutating func checkVersion(_ bytes: Span<UInt8>, _ version: Range<Int>) {
        guard !bytes.equalsIgnoringCase(version, "SIP/2.0") else { return }
        let number = version.lowerBound &+ 4..<version.upperBound
        let isNumber = number.allSatisfy { bytes[$0].isDigit || bytes[$0] == UInt8(ascii: ".") }
        if isNumber, !number.isEmpty { fail(505, SIPReason.phrase(for: 505)) } else { fail(400, "Malformed SIP version") }
    }

    /// Reads the Request-URI; a broken one is told as text, for the log and the response.
    private mutating func readTarget(_ bytes: Span<UInt8>, _ range: Range<Int>, _ limits: SIPLimits) -> RequestTarget {
        guard range.count <= limits.uriBytes else {
            fail(414, SIPReason.phrase(for: 414))
            return .other(scheme: "", text: "")
        }
        guard let target = RequestTarget(reading: bytes, range) else {
            let hasSpace = range.contains { bytes[$0].isSpaceOrTab }
            fail(400, hasSpace ? "Space in the Request-URI" : "Malformed Request-URI")
            return .other(scheme: "", text: bytes.text(range).withoutLineBreaks)
        }
        // Headers have no place here, and acting on them would let a URI inject fields (RFC 3261 19.1.1).
        if let uri = target.sip, !uri.headers.isEmpty { fail(400, "Headers in the Request-URI") }
        return target
    }
}
