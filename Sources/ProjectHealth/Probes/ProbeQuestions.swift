import Foundation

/// `GET` over HTTP/1.1; only the status line of the answer is read.
struct HTTPQuestion {
    let address: ProbeAddress
    let deadline: ContinuousClock.Instant

    func ask() throws(ProbeFailure) {
        let connection = try ProbeConnection(host: address.host, port: address.port, deadline: deadline)
        let host = address.host.contains(":") ? "[\(address.host)]" : address.host
        let place = address.port == 80 ? host : "\(host):\(address.port)"
        try connection.send(
            "GET \(address.path) HTTP/1.1\r\nHost: \(place)\r\nUser-Agent: wheels-db\r\nAccept: */*\r\n"
                + "Connection: close\r\n\r\n")
        let words = try connection.line().split(separator: " ")
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else {
            throw ProbeFailure("gave an answer that is no HTTP.")
        }
        try Self.judge(status)
    }

    /// - Throws: ``ProbeFailure`` for a status that is neither 2xx nor 3xx.
    static func judge(_ status: Int) throws(ProbeFailure) {
        guard (200..<400).contains(status) else { throw ProbeFailure("answered with status \(status).") }
    }
}

/// `GET` over TLS, by the program `curl`: it knows the system's certificates and proxies.
///
/// The URL goes by standard input, for arguments can be seen by everybody on the machine.
struct CurlQuestion {
    let url: String
    let deadline: ContinuousClock.Instant

    func ask() throws(ProbeFailure) {
        let seconds = (deadline - .now) / .seconds(1)
        guard seconds > 0 else { throw .timedOut }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["curl", "--config", "-"]
        let input = Pipe()
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch { throw ProbeFailure("could not be asked: curl does not start.") }
        let options = """
            url = "\(url.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))"
            silent
            output = "/dev/null"
            write-out = "%{http_code}"
            user-agent = "wheels-db"
            max-time = \(seconds)

            """
        try? input.fileHandleForWriting.write(contentsOf: Data(options.utf8))
        try? input.fileHandleForWriting.close()
        let answer = String(decoding: (try? output.fileHandleForReading.readToEnd()) ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        switch process.terminationStatus {
        case 0: try HTTPQuestion.judge(Int(answer) ?? 0)
        case 6: throw ProbeFailure("has a host name that cannot be resolved.")
        case 7: throw ProbeFailure("refuses connections.")
        case 28: throw .timedOut
        case 35, 60: throw ProbeFailure("has a certificate that cannot be trusted.")
        case 126, 127: throw ProbeFailure("could not be asked: https takes the program curl, which is not installed.")
        default: throw ProbeFailure("could not be asked: curl ended with \(process.terminationStatus).")
        }
    }
}

/// `PING` to Redis, after `AUTH` where the URL has a password.
struct RedisQuestion {
    let address: ProbeAddress
    let deadline: ContinuousClock.Instant

    func ask() throws(ProbeFailure) {
        let connection = try ProbeConnection(host: address.host, port: address.port, deadline: deadline)
        if let password = address.password {
            let words = address.user.isEmpty ? ["AUTH", password] : ["AUTH", address.user, password]
            try connection.send(Self.command(words))
            let answer = try connection.line()
            guard answer == "+OK" else { throw ProbeFailure("refuses the password.") }
        }
        try connection.send(Self.command(["PING"]))
        let answer = try connection.line()
        if answer.hasPrefix("-NOAUTH") || answer.hasPrefix("-WRONGPASS") { throw ProbeFailure("wants a password.") }
        if answer.hasPrefix("-LOADING") { throw ProbeFailure("is loading its data.") }
        guard answer == "+PONG" else { throw ProbeFailure("gave an answer that is none of its protocol.") }
    }

    /// The words as an array of bulk strings, so that a password may hold anything.
    private static func command(_ words: [String]) -> String {
        "*\(words.count)\r\n" + words.map { "$\($0.utf8.count)\r\n\($0)\r\n" }.joined()
    }
}
