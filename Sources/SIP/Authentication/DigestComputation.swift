/// The inputs of a digest `response` (RFC 7616 3.4.1).
struct DigestComputation {
    var algorithm: DigestAlgorithm
    var ha1: String
    var method: String
    var uri: String
    var nonce: String
    /// "auth", "auth-int", or nil for the older form without qop (RFC 2617 3.2.2.1).
    var qop: String?
    /// The nonce count as eight hexadecimal digits.
    var nonceCount = ""
    var cnonce = ""
    var body: [UInt8] = []

    var response: String {
        var a2 = "\(method):\(uri)"
        if qop == "auth-int" { a2 += ":" + algorithm.hex(body) }
        let ha2 = algorithm.hex(a2)
        guard let qop else { return algorithm.hex("\(ha1):\(nonce):\(ha2)") }
        return algorithm.hex("\(ha1):\(nonce):\(nonceCount):\(cnonce):\(qop):\(ha2)")
    }
}
