import Foundation
import Testing

extension Peers {
    @Suite(
        "Hello World by hand", .serialized,
        .enabled(if: Peer.areInstalled(.sipp, .curl) && Peer.canListen(), "SIPp, curl or a WebSocket client is not installed"))
    struct CurlTests {
        @Test("curl plays a sound to a caller, by name and by path", arguments: Login.allCases)
        func playsByHand(_ login: Login) async throws {
            // Half of the logins with either client, so that each client is used below both prefixes.
            let prefersFirst = [.basic, .apiKeyUnderAsterisk, .userInfo].contains(login)
            let client = try #require(prefersFirst ? Peer.webSocketClients.first : Peer.webSocketClients.last)
            try await ServerProcess.run { server in
                try await EventListener.run(login, client: client, server: server) { events in
                    try await SIPp.call("1000", "caller-waits", server: server).use { sipp in
                        try await HelloWorld.play(["sound:hello-world", "sound:\(server.soundPath)"], login, events, server)
                        let status = try await sipp.exitStatus()
                        #expect(status == 0, "\(SIPp.report(sipp, server: server))")
                    }
                }
            }
        }
    }
}

/// What a person does by hand: waits for the call, plays, and hangs up.
enum HelloWorld {
    static func play(_ media: [String], _ login: Login = .basic, _ events: EventListener, _ server: ServerProcess) async throws {
        let start = try await events.event("StasisStart")
        let channel = try #require((start["channel"] as? [String: Any])?["id"] as? String)
        for (index, name) in media.enumerated() {
            try await Curl.require(201, "POST", "/channels/\(channel)/play", ["media": name], login: login, server: server)
            let finish = try await events.event("PlaybackFinished", count: index + 1)
            let playback = try #require(finish["playback"] as? [String: Any])
            #expect(playback["media_uri"] as? String == name)
            #expect(playback["state"] as? String == "done")
        }
        try await Curl.require(204, "DELETE", "/channels/\(channel)", login: login, server: server)
        _ = try await events.event("StasisEnd")
    }
}
