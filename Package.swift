// swift-tools-version: 6.2
import PackageDescription

var swift: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]
// For CI; somebody who builds with a later compiler and its new warnings is not stopped by them.
if Context.environment["DROVER_WARNINGS"] == "error" { swift.append(.treatAllWarnings(as: .error)) }

let package = Package(
  name: "drover",
  products: [
    .library(name: "RabbitMQ", targets: ["RabbitMQ"]),
    .library(name: "JSONSchema", targets: ["JSONSchema"]),
    .library(name: "PulseJob", targets: ["PulseJob"]),
    .library(name: "Pulse", targets: ["Pulse"]),
    .library(name: "JobStore", targets: ["JobStore"]),
    .library(name: "Ingestion", targets: ["Ingestion"]),
    .library(name: "Submission", targets: ["Submission"]),
    .executable(name: "drover", targets: ["drover"]),
    .executable(name: "publish_to_pulse", targets: ["publish_to_pulse"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: []),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: []),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.0"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    // The C fences: what the libraries under them cannot say in Swift stays in their headers.
    .systemLibrary(
      name: "CRabbitMQ", pkgConfig: "librabbitmq", providers: [.apt(["librabbitmq-dev"])]),
    .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CPostgreSQL", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .target(
      name: "CSimdJSON",
      linkerSettings: [.linkedLibrary("simdjson")]),

    .target(
      name: "RabbitMQ",
      dependencies: [
        "COpenSSL", "CRabbitMQ", .product(name: "Logging", package: "swift-log"),
        .product(name: "Metrics", package: "swift-metrics"),
      ],
      swiftSettings: swift),
    .target(name: "JSON", dependencies: ["CSimdJSON"], swiftSettings: swift),
    .target(
      name: "JSONSchema", dependencies: ["JSON", .product(name: "Yams", package: "Yams")],
      swiftSettings: swift),
    .target(
      name: "PulseJob", dependencies: ["JSON", "JSONSchema"],
      resources: [.embedInCode("pulse-job.yml")], swiftSettings: swift),
    .target(
      name: "Pulse",
      dependencies: [
        "JSON", "PulseJob", "RabbitMQ", .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Metrics", package: "swift-metrics"), .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: swift),
    .target(
      name: "JobStore",
      dependencies: [
        "COpenSSL", "CPostgreSQL", .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ],
      swiftSettings: swift),
    .target(
      name: "Ingestion",
      dependencies: [
        "COpenSSL", "JSON", "JobStore", "PulseJob",
        .product(name: "Logging", package: "swift-log"), .product(name: "Metrics", package: "swift-metrics"),
      ],
      swiftSettings: swift),
    .target(
      name: "Submission",
      dependencies: [
        "COpenSSL", .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Logging", package: "swift-log"), .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
      ],
      swiftSettings: swift),
    .target(
      name: "WebService",
      dependencies: [
        "COpenSSL", "CZlib", "Ingestion", "JSON", "JobStore", "Submission",
        .product(name: "CoreMetrics", package: "swift-metrics"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "HummingbirdTLS", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Metrics", package: "swift-metrics"),
        .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"), .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "Mustache", package: "swift-mustache"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      resources: [.embedInCode("Page/Templates"), .embedInCode("Page/Assets")],
      swiftSettings: swift),
    .target(
      name: "Commands",
      dependencies: [
        "JSON", "JSONSchema", "JobStore", "Pulse", "PulseJob", "RabbitMQ",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Configuration", package: "swift-configuration"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: swift),
    .executableTarget(
      name: "drover",
      dependencies: [
        "Commands", "Ingestion", "JSON", "JSONSchema", "JobStore", "Pulse", "PulseJob", "RabbitMQ", "Submission",
        "WebService",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Metrics", package: "swift-metrics"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: swift),
    .executableTarget(
      name: "publish_to_pulse",
      dependencies: [
        "Commands", "JSONSchema", "Pulse", "PulseJob", "RabbitMQ",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: swift),

    // What the tests of several targets share: the private broker, programs, waiting.
    .target(
      name: "Support",
      dependencies: [
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "CoreMetrics", package: "swift-metrics"), .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ], path: "Tests/Support",
      swiftSettings: swift),
    .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: swift),
    .testTarget(
      name: "JSONSchemaTests", dependencies: ["JSON", "JSONSchema", "Support"], exclude: ["Fixtures"],
      swiftSettings: swift),
    .testTarget(
      name: "RabbitMQTests", dependencies: ["RabbitMQ", "Support", .product(name: "Logging", package: "swift-log")],
      swiftSettings: swift),
    .testTarget(
      name: "PulseTests",
      dependencies: ["Pulse", "RabbitMQ", "Support", .product(name: "Logging", package: "swift-log")],
      swiftSettings: swift),
    .testTarget(name: "PulseJobTests", dependencies: ["JSONSchema", "PulseJob"], swiftSettings: swift),
    .testTarget(
      name: "JobStoreTests", dependencies: ["JobStore", "Support"], swiftSettings: swift),
    // The store on both databases; they are started by the tests.
    .testTarget(
      name: "StoreTests",
      dependencies: [
        "Ingestion", "JobStore", "Support", .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: swift),
    .testTarget(
      name: "IngestionTests",
      dependencies: [
        "Ingestion", "JobStore", "PulseJob", "Support", .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: swift),
    .testTarget(
      name: "SubmissionTests",
      dependencies: [
        "Submission", "Support", .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ],
      swiftSettings: swift),
    .testTarget(
      name: "CommandsTests",
      dependencies: ["Commands", "JSONSchema", "JobStore", "Pulse", "PulseJob", "RabbitMQ", "Support"],
      swiftSettings: swift),
    .testTarget(
      name: "WebServiceTests",
      dependencies: [
        "Ingestion", "JobStore", "Support", "WebService",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "CoreMetrics", package: "swift-metrics"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"), .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: swift),
    .testTarget(
      name: "IntegrationTests",
      dependencies: [
        "drover", "publish_to_pulse", "JobStore", "Pulse", "RabbitMQ", "Submission", "Support",
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: swift),
    .testTarget(
      name: "FaultTests",
      dependencies: ["drover", "JobStore", "RabbitMQ", "Support", .product(name: "Logging", package: "swift-log")],
      swiftSettings: swift),
  ],
  cxxLanguageStandard: .cxx17
)

// libFuzzer brings its own entry point and needs a build of its own: scripts/fuzz asks for it.
if Context.environment["DROVER_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "json-fuzz", dependencies: ["JSON", "JSONSchema"], path: "Tests/Fuzzing", exclude: ["corpus"],
      swiftSettings: swift + [.unsafeFlags(["-parse-as-library"])],
      linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address"])]))
}
