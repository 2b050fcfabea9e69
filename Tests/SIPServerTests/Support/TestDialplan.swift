import Dialplan
import Testing

/// The extensions that the tests call.
enum TestDialplan {
    static func parse() throws -> Dialplan {
        try #require(DialplanParser().parse(text).dialplan)
    }

    private static let text = """
        [phones]
        exten => answer,1,Answer()
         same => n,Wait(60)
        exten => app,1,Answer()
         same => n,Stasis(test)
        exten => ring,1,Ringing()
         same => n,Wait(60)
        exten => progress,1,Progress()
         same => n,Wait(60)
        exten => silent,1,Wait(60)
        exten => busy,1,Hangup(17)
        [incoming]
        exten => account,1,Wait(60)
        """
}
