import Foundation
import SealedStreams
import Testing

/// Runs a program with bytes on its standard input.
private func run(_ arguments: [String], input: [UInt8]) throws -> (status: Int32, output: [UInt8]) {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("age-\(UUID().uuidString)")
    try Data(input).write(to: folder)
    defer { try? FileManager.default.removeItem(at: folder) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    process.standardInput = try FileHandle(forReadingFrom: folder)
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, Array(bytes))
}

private let hasAge = ["/usr/bin/age", "/usr/local/bin/age"].contains {
    FileManager.default.isExecutableFile(atPath: $0)
}
private let isCI = ProcessInfo.processInfo.environment["CI"] == "true"

@Suite("age files", .enabled(if: hasAge || isCI, "the program age is not installed"))
struct AgeInteroperationTests {
    @Test(arguments: [0, 1, 65_535, 65_536, 65_537, 200_000])
    func `age opens what we seal and we open what age seals`(count: Int) throws {
        let content = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let identity = try AgeIdentity()
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("identity-\(UUID().uuidString)")
        try identity.secretFileText(created: "2026-01-01T00:00:00Z").write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        let ours = try AgeFile.seal(content, for: [identity.recipient])
        let opened = try run(["age", "--decrypt", "--identity", file.path], input: ours)
        #expect(opened.status == 0 && opened.output == content)
        let theirs = try run(["age", "--recipient", identity.recipient.description], input: content)
        #expect(theirs.status == 0)
        #expect(try AgeFile.open(theirs.output, with: [identity], name: "test") == content)
    }

    @Test func `an identity made by age-keygen is ours too`() throws {
        let made = try run(["age-keygen"], input: [])
        let text = String(decoding: made.output, as: UTF8.self)
        let identity = try #require(try AgeIdentity.identities(inFile: text, name: "test").first)
        #expect(text.contains(identity.recipient.description))
    }

    @Test func `each flipped byte of a small file is found`() throws {
        let identity = try AgeIdentity()
        let file = try AgeFile.seal(Array("secret".utf8), for: [identity.recipient])
        for place in file.indices {
            var changed = file
            changed[place] ^= 0x10
            #expect(throws: SealedStreamError.self, "byte \(place)") {
                try AgeFile.open(changed, with: [identity], name: "test")
            }
        }
    }
}
