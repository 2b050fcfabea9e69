// swift-tools-version: 6.1
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "Benchmarks",
    products: [
        .executable(name: "benchmarks", targets: ["benchmarks"]),
        .executable(name: "relay", targets: ["relay"]),
        // Loaded into the server with LD_PRELOAD.
        .library(name: "AllocationCounter", type: .dynamic, targets: ["AllocationCounter"]),
    ],
    dependencies: [
        .package(name: "arioso", path: ".."),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    ],
    targets: [
        .target(name: "AllocationCounter"),
        .executableTarget(name: "relay"),
        .executableTarget(
            name: "benchmarks",
            dependencies: [
                .product(name: "TestPhone", package: "arioso"),
                .product(name: "SecureMedia", package: "arioso"),
                .product(name: "Audio", package: "arioso"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
            ],
            swiftSettings: settings),
    ]
)
