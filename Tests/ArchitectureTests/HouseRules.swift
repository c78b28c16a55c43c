import DocumentTesting

extension HouseRule {
    /// Every rule.
    static let all: [HouseRule] = code + text + [longFiles, reasons, wrappers]

    private static let code: [HouseRule] = [
        .forbidding(
            #"\b(print|debugPrint|dump|exit|_exit|abort|getenv|setenv|readLine|isatty|fputs|puts)\("#
                + #"|ProcessInfo\.processInfo\.(environment|arguments)|CommandLine\.arguments"#
                + #"|FileHandle\.standard|\bExitCode\("#,
            "only the command line prints, exits, and reads the environment and the terminal",
            where: { $0.top == "Sources" && $0.target != "wheels-db" },
            bad: [
                "print(\"x\")", "    exit(1)", "let home = getenv(\"HOME\")", "ProcessInfo.processInfo.environment",
                "if isatty(0) == 1 {}", "FileHandle.standardError.write(data)", "let name = readLine()",
            ],
            good: ["// print(x)", "let text = \"exit(1)\"", "blueprint(x)", "task.exited(1)"]
        ),
        .forbidding(
            #"\bTask(\.detached|\.init)?\s*(<[^>]*>)?\s*(\([^)]*\))?\s*\{"#,
            "concurrency is structured; Task { } stands in main alone",
            where: { $0.top == "Sources" && $0.path != "Sources/wheels-db/WheelsDB.swift" },
            bad: [
                "Task { await work() }", "Task.detached { }", "let t = Task<Void, Never> {", "Task(priority: .low) {",
            ],
            good: ["group.addTask { }", "Task.isCancelled", "// Task { }", "struct BackupTask {"]
        ),
        .forbidding(
            #"\btry!|\bas!|[\w\)\]]!(?!=)"#,
            "nothing is unwrapped, cast or tried by force",
            where: { _ in true },
            bad: ["let x = y!", "try! work()", "list.first!.name", "x as! Int", "var name: String!", "f()![0]"],
            good: ["if !isReady {}", "a != b", "x!=y", "\"Done!\"", "try? work()", "f(!x)"]
        ),
        .forbidding(
            #"\b(XCTest|XCTAssert\w*)\b"#,
            "tests are written with Swift Testing",
            where: { $0.top == "Tests" },
            samplePath: "Tests/MigrationsTests/Sample.swift",
            bad: ["import XCTest", "XCTAssertEqual(1, 1)"],
            good: ["import Testing", "// not XCTest"]
        ),
    ]

    private static let longFiles = HouseRule(
        description: "a Swift file has at most 300 lines",
        concerns: { $0.path.hasSuffix(".swift") },
        breaches: { $0.lines.count > 301 ? [" has \($0.lines.count - 1) lines"] : [] },
        samplePath: "Sources/Migrations/Sample.swift",
        bad: [String(repeating: "let x = 1\n", count: 301)],
        good: [String(repeating: "let x = 1\n", count: 300)]
    )

    private static let reasons = HouseRule(
        description: "a comment beside each @unchecked Sendable and nonisolated(unsafe) says why it holds",
        concerns: { $0.path.hasSuffix(".swift") },
        breaches: { file in
            let code = SourceCode(file.text).text.split(separator: "\n", omittingEmptySubsequences: false)
            return code.indices.flatMap { index in
                ["@unchecked", "nonisolated(unsafe)"].filter { code[index].contains($0) }.compactMap { mark in
                    let near = file.lines[max(0, index - 4)..<min(file.lines.count, index + 3)]
                    let isExplained = near.contains { $0.contains("//") && $0.contains("`\(mark)`") }
                    return isExplained ? nil : ":\(index + 1): \(mark) without a comment that names it"
                }
            }
        },
        samplePath: "Sources/Migrations/Sample.swift",
        bad: [
            "final class Box: @unchecked Sendable {}", "nonisolated(unsafe) var x = 1",
            "// `@unchecked`: too far away.\n\n\n\n\n\nfinal class Box: @unchecked Sendable {}",
        ],
        good: [
            "/// A box.\n///\n/// `@unchecked`: one owner.\nfinal class Box: @unchecked Sendable {}",
            "final class Box: @unchecked Sendable {\n    // `@unchecked`: one owner.\n}",
        ]
    )

    /// The files that may import the modules of C libraries.
    private static let wrapperFiles: [String: Set<String>] = [
        "CPostgres": [
            "PostgresClient/Handles/CancelHandle", "PostgresClient/Handles/ClientLibrary",
            "PostgresClient/Handles/ConnectionHandle", "PostgresClient/Handles/ConnectionHandle+Copy",
            "PostgresClient/Handles/ConnectionHandle+Statements",
            "PostgresClient/Handles/ConnectionString", "PostgresClient/Handles/ResultHandle",
        ],
        "CMalloc": ["SealedStreams/RawMemory"],
        "CPgQuery": ["SQLText/Grammar"],
        "CCurl": ["HTTPClient/CurlHandle"],
        "CZstd": ["SealedStreams/LibraryVersions", "SealedStreams/ZstdDecoder", "SealedStreams/ZstdEncoder"],
        "CCrypto": [
            "SealedStreams/AEAD", "SealedStreams/HMAC", "SealedStreams/KeyAgreement", "SealedStreams/KeyDerivation",
            "SealedStreams/LibraryVersions",
            "SealedStreams/MD5", "SealedStreams/RandomBytes", "SealedStreams/SHA256", "SealedStreams/SealedStreamError",
            "SealedStreams/SecretBytes",
        ],
    ]

    private static let wrappers = HouseRule(
        description: "modules of C libraries are imported by their wrapper files only",
        concerns: { $0.path.hasSuffix(".swift") },
        breaches: { file in
            ImportList(file.text).modules.compactMap { module in
                guard let allowed = wrapperFiles[module] else { return nil }
                let isAllowed = allowed.contains { file.path == "Sources/\($0).swift" }
                return isAllowed ? nil : " imports \(module)"
            }
        },
        samplePath: "Sources/SealedStreams/Sample.swift",
        bad: ["import CZstd\n", "internal import CPostgres\n", "    import CCrypto"],
        good: ["import Foundation\n", "// import CZstd\n"]
    )
}
