// swift-tools-version: 6.1
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

func library(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: "\(name)Tests", dependencies: dependencies, swiftSettings: settings)
}

let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioWebSocket = Target.Dependency.product(name: "NIOWebSocket", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let x509 = Target.Dependency.product(name: "X509", package: "swift-certificates")
let asn1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")

let package = Package(
    name: "arioso",
    products: [
        .executable(name: "arioso", targets: ["arioso"]),
        .library(name: "TestPhone", targets: ["TestPhone"]),
        .library(name: "SecureMedia", targets: ["SecureMedia"]),
        .library(name: "Audio", targets: ["Audio"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    ],
    targets: [
        // Wire values: pure, no I/O, no clock.
        library("SDP"),
        library("SIP", [crypto]),
        library("RTP"),
        .systemLibrary(name: "CSpandsp", pkgConfig: "spandsp", providers: [.apt(["libspandsp-dev"])]),
        .systemLibrary(name: "CSpeexDSP", pkgConfig: "speexdsp", providers: [.apt(["libspeexdsp-dev"])]),
        .systemLibrary(name: "COpus", pkgConfig: "opus", providers: [.apt(["libopus-dev"])]),
        library("Audio", ["CSpandsp", "CSpeexDSP", "COpus"]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        library("SecureMedia", ["RTP", "COpenSSL"]),
        library("Dialplan"),
        library("ARIModel"),
        library("AMI"),
        // Engines.
        .target(name: "CLinuxIO"),
        library("Media", ["RTP", "Audio", "SecureMedia", "CLinuxIO"]),
        library("CallCore", ["Dialplan", "ARIModel", "Audio", "Media", nioCore, nioPosix]),
        // Converts the configuration files of the reference.
        library("AsteriskImport", ["Store", "Dialplan"]),
        library("Store", [grdb, crypto, cryptoExtras, .product(name: "Yams", package: "Yams"), logging]),
        library("Certificates", [x509, asn1, crypto]),
        library("RemoteMedia", ["Audio", crypto, .product(name: "AsyncHTTPClient", package: "async-http-client"), nioCore, nioHTTP1]),
        // Doors.
        library("AudioSocket", ["CallCore", "Media", "Audio", "Dialplan", "ARIModel", nioCore, nioPosix]),
        library(
            "SIPServer",
            [
                "SIP", "SDP", "RTP", "Audio", "SecureMedia", "Dialplan", "ARIModel", "Media", "CallCore", nioCore, nioPosix, nioSSL,
                logging,
            ]),
        library(
            "ARIServer", ["ARIModel", "Dialplan", "Media", "CallCore", nioCore, nioPosix, nioHTTP1, nioWebSocket, nioSSL, crypto, logging]),
        library("AMIServer", ["AMI", "ARIModel", "Dialplan", "CallCore", nioCore, nioPosix, nioSSL, crypto, logging]),
        .target(
            name: "Console",
            dependencies: [
                "ARIModel", "Audio", "Media", "Store", "CallCore", "Softphone", crypto, cryptoExtras, logging, nioCore, nioPosix, nioSSL,
                .product(name: "Hummingbird", package: "hummingbird"), .product(name: "HummingbirdTLS", package: "hummingbird"),
            ],
            resources: [.embedInCode("Web")], swiftSettings: settings),
        // The telephone for browsers.
        .target(name: "Softphone", resources: [.embedInCode("Web")], swiftSettings: settings),
        // A phone for tests, demonstrations and load.
        library("TestPhone", ["SIP", "SDP", "RTP", "Audio", "SecureMedia", nioCore, nioPosix]),
        // Composition.
        .executableTarget(
            name: "arioso",
            dependencies: [
                "CLinuxIO", "Store", "AsteriskImport", "Certificates", "Console", "SIPServer", "ARIServer", "AMIServer", "AudioSocket",
                "Softphone",
                "RemoteMedia",
                "CallCore", "Media",
                "Audio",
                "Dialplan",
                "ARIModel",
                "TestPhone", nioCore,
                nioPosix, nioHTTP1, nioWebSocket, logging,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"), "SIP", nioSSL, crypto,
            ],
            swiftSettings: settings),
        tests("SDP", ["SDP"]),
        tests("SIP", ["SIP", crypto]),
        tests("RTP", ["RTP"]),
        tests("Audio", ["Audio"]),
        // Compared with in tests, nowhere else.
        .systemLibrary(name: "CSRTP", path: "Tests/CSRTP", pkgConfig: "libsrtp2", providers: [.apt(["libsrtp2-dev"])]),
        tests("SecureMedia", ["SecureMedia", "RTP", "CSRTP"]),
        tests("Dialplan", ["Dialplan"]),
        tests("ARIModel", ["ARIModel"]),
        tests("Media", ["Media", "RTP", "Audio", "SecureMedia", "CLinuxIO"]),
        tests("Store", ["Store", grdb]),
        tests("AsteriskImport", ["AsteriskImport", "Store"]),
        tests("CallCore", ["CallCore", "ARIModel", "Audio", "Dialplan", "Media", "VirtualTime"]),
        .target(name: "VirtualTime", dependencies: ["CallCore"], path: "Tests/VirtualTime", swiftSettings: settings),
        tests(
            "SIPServer",
            [
                "SIPServer", "SIP", "SDP", "RTP", "Audio", "SecureMedia", "Media", "CallCore", "Dialplan", "ARIModel", "VirtualTime",
                nioCore, nioPosix, logging,
            ]),
        tests("ARIServer", ["ARIServer", "ARIModel", "CallCore", nioCore, nioPosix, nioSSL, logging]),
        tests("AMI", ["AMI"]),
        tests("AudioSocket", ["AudioSocket", "CallCore", "Dialplan", "Media", "Audio", nioCore, nioPosix]),
        tests("RemoteMedia", ["RemoteMedia"]),
        tests("TestPhone", ["TestPhone", "SIP", "SDP", "RTP", "Audio", nioCore, nioPosix]),
        // Drives the executable beside it with other makers' phones and clients.
        .testTarget(
            name: "PeerTests", dependencies: ["arioso", "TestPhone", "Audio", "SecureMedia"], exclude: ["Clients", "Scenarios"],
            swiftSettings: settings),
        tests("Certificates", ["Certificates", x509, asn1, crypto]),
    ]
)
