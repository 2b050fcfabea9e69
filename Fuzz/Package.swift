// swift-tools-version: 6.1
import PackageDescription

// The libraries are built here a second time, from the same sources, so that the flags of the fuzzer never reach the product.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .unsafeFlags(["-sanitize=fuzzer,address"]),
]
// gold cannot link what the fuzzer's instrumentation emits.
let linkerSettings: [LinkerSetting] = [.unsafeFlags(["-sanitize=fuzzer,address", "-use-ld=lld"])]

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, path: "Libraries/\(name)", swiftSettings: settings)
}

func fuzzer(_ name: String, _ dependencies: Target.Dependency...) -> Target {
    .executableTarget(name: name, dependencies: ["FuzzTarget"] + dependencies, swiftSettings: settings, linkerSettings: linkerSettings)
}

let package = Package(
    name: "Fuzz",
    dependencies: [
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        library("SIP", [.product(name: "Crypto", package: "swift-crypto")]),
        library("SDP"),
        library("RTP"),
        .systemLibrary(name: "CSpandsp", path: "Libraries/CSpandsp", pkgConfig: "spandsp", providers: [.apt(["libspandsp-dev"])]),
        .systemLibrary(name: "CSpeexDSP", path: "Libraries/CSpeexDSP", pkgConfig: "speexdsp", providers: [.apt(["libspeexdsp-dev"])]),
        .systemLibrary(name: "COpus", path: "Libraries/COpus", pkgConfig: "opus", providers: [.apt(["libopus-dev"])]),
        library("Audio", ["CSpandsp", "CSpeexDSP", "COpus"]),
        .systemLibrary(name: "COpenSSL", path: "Libraries/COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        library("SecureMedia", ["RTP", "COpenSSL"]),
        library("Dialplan"),
        library("ARIModel"),
        library("AMI"),
        library(
            "Store",
            [
                .product(name: "GRDB", package: "GRDB.swift"), .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"), .product(name: "Yams", package: "Yams"),
                .product(name: "Logging", package: "swift-log"),
            ]),
        library("AsteriskImport", ["Store", "Dialplan"]),
        .target(name: "FuzzTarget", swiftSettings: settings),
        .target(name: "DialplanFuzzHost", dependencies: ["Dialplan"], swiftSettings: settings),
        fuzzer("SIPMessages", "SIP"),
        fuzzer("SDPSessions", "SDP"),
        fuzzer("RTPPackets", "RTP"),
        fuzzer("STUNChecks", "SecureMedia", "RTP"),
        fuzzer("DTLSRecords", "SecureMedia"),
        fuzzer("SRTPPackets", "SecureMedia"),
        fuzzer("AudioPackets", "Audio"),
        fuzzer("SoundFiles", "Audio"),
        fuzzer("ToneText", "Audio"),
        fuzzer("DialplanText", "Dialplan", "DialplanFuzzHost"),
        fuzzer("DialplanExpansion", "Dialplan", "DialplanFuzzHost"),
        fuzzer("JSONText", "ARIModel"),
        fuzzer("AMIRequests", "AMI"),
        fuzzer("AsteriskFiles", "AsteriskImport", "Store"),
    ]
)
