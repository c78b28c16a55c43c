import Dispatch
import Foundation
import HTTPClient
import Testing

@Suite("TLS")
struct TLSTests {
    @Test func `a certificate that nobody vouches for is refused, and one that a file vouches for is not`() async throws
    {
        let server = try await TLSServer.start(name: "IP:127.0.0.1")
        let request = HTTPRequest("GET", "https://127.0.0.1:\(server.port)/")
        let error = #expect(throws: HTTPError.self) { try HTTPClient().send(request) }
        #expect(error?.kind == .tls && error?.mayHaveArrived == false && error?.isPassing == false)
        let trusting = HTTPClient(options: HTTPClientOptions(certificateFile: server.certificate))
        #expect(try trusting.send(request).response.status == 200)
        server.end()
    }

    @Test func `a server that goes away during an upload breaks it, and no signal ends the program`() async throws {
        let server = try await TLSServer.start(name: "IP:127.0.0.1")
        let client = HTTPClient(options: HTTPClientOptions(certificateFile: server.certificate))
        let body = [UInt8](repeating: 1, count: 64 << 20)
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(200)) { server.end() }
        let error = #expect(throws: HTTPError.self) {
            try unsafe client.send(HTTPRequest("PUT", "https://127.0.0.1:\(server.port)/"), body: body.span.bytes)
        }
        #expect(error?.kind == .broken)
    }

    @Test func `a certificate of another host is refused`() async throws {
        let server = try await TLSServer.start(name: "DNS:elsewhere.example")
        let client = HTTPClient(options: HTTPClientOptions(certificateFile: server.certificate))
        let request = HTTPRequest("GET", "https://127.0.0.1:\(server.port)/")
        #expect(#expect(throws: HTTPError.self) { try client.send(request) }?.kind == .tls)
        server.end()
    }
}

/// `openssl s_server` with a certificate of its own.
private struct TLSServer: Sendable {
    let port: Int
    let certificate: String
    private let process: Process
    private let folder: URL

    static func start(name: String) async throws -> TLSServer {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("wheels-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let (key, certificate) = (folder.path + "/key.pem", folder.path + "/certificate.pem")
        let make = try run([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
            "/CN=test", "-addext", "subjectAltName=\(name)", "-keyout", key, "-out", certificate,
        ]).process
        make.waitUntilExit()
        try #require(make.terminationStatus == 0)
        let (process, output) = try run([
            "s_server", "-accept", "127.0.0.1:0", "-key", key, "-cert", certificate, "-www",
        ])
        // "ACCEPT 127.0.0.1:40813" comes once it listens.
        var text = ""
        while !text.contains("\nACCEPT") || !text.hasSuffix("\n"), case let more = output.availableData, !more.isEmpty {
            text += String(decoding: more, as: UTF8.self)
            if text.hasPrefix("ACCEPT"), text.hasSuffix("\n") { break }
        }
        let line = text.split(separator: "\n").last { $0.hasPrefix("ACCEPT") }
        let port = try #require(line?.split(separator: ":").last.flatMap { Int($0) }, "\(text)")
        return TLSServer(port: port, certificate: certificate, process: process, folder: folder)
    }

    func end() {
        // The child may have inherited a mask that keeps the milder signals from it.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }

    private static func run(_ arguments: [String]) throws -> (process: Process, output: FileHandle) {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        return (process, pipe.fileHandleForReading)
    }
}
