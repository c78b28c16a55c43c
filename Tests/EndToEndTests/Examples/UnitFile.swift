import Foundation

/// A unit of systemd, as far as the files of Examples go; anything else is an error.
struct UnitFile: Sendable {
    /// What is not understood.
    struct Unknown: Error, CustomStringConvertible {
        let description: String
    }

    private static let known: [String: Set<String>] = [
        "Unit": ["Description", "Wants", "After", "StartLimitIntervalSec", "StartLimitBurst"],
        "Timer": ["OnCalendar", "RandomizedDelaySec", "Persistent"],
        "Install": ["WantedBy"],
        "Service": [
            "Type", "WorkingDirectory", "EnvironmentFile", "LoadCredential", "Environment", "ExecStart",
            "TimeoutStartSec", "Restart", "RestartSec", "RestartPreventExitStatus", "DynamicUser", "StateDirectory",
            "UMask", "NoNewPrivileges", "CapabilityBoundingSet", "ProtectSystem", "ProtectHome", "ProtectClock",
            "ProtectControlGroups", "ProtectHostname", "ProtectKernelLogs", "ProtectKernelModules",
            "ProtectKernelTunables", "PrivateDevices", "PrivateTmp", "LockPersonality", "RestrictAddressFamilies",
            "RestrictNamespaces", "RestrictRealtime", "RestrictSUIDSGID", "SystemCallArchitectures",
        ],
    ]

    private var entries: [(key: String, value: String)] = []

    init(_ text: String) throws {
        var section = ""
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            if line.hasPrefix("["), line.hasSuffix("]") {
                section = String(line.dropFirst().dropLast())
                continue
            }
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, Self.known[section]?.contains(String(parts[0])) == true else {
                throw Unknown(description: "[\(section)] \(line)")
            }
            entries.append((String(parts[0]), String(parts[1])))
        }
    }

    /// All values of a key.
    subscript(key: String) -> [String] { entries.filter { $0.key == key }.map(\.value) }

    /// Runs the commands of a service one after the other, with its variables, folder and credentials, up to the first
    /// that fails.
    ///
    /// - Parameters:
    ///   - project: Whose folder, keys and databases they work with.
    ///   - files: Where what stands under `/etc/wheels-db` is here.
    /// - Returns: How each command ended.
    /// - Throws: ``Unknown`` for what is not understood.
    func run(in project: ExampleProject, files: URL) async throws -> [WheelsProgram.Outcome] {
        let credentials = files.appendingPathComponent("credentials-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: credentials, withIntermediateDirectories: true)
        func here(_ text: String) -> String { text.replacing("/etc/wheels-db", with: files.path) }
        for credential in self["LoadCredential"] {
            let parts = credential.split(separator: ":", maxSplits: 1).map(String.init)
            try FileManager.default.copyItem(
                atPath: here(parts[1]), toPath: credentials.appendingPathComponent(parts[0]).path)
        }
        func filled(_ text: String) throws -> String {
            let text = text.replacing("%%", with: "\u{0}").replacing("%d", with: credentials.path)
                .replacing("%S", with: "/var/lib")
            guard !text.contains("%") else { throw Unknown(description: "a specifier in \(text)") }
            return text.replacing("\u{0}", with: "%")
        }
        var variables = ["PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]
        let settings = try self["Environment"].map(filled)
        for setting in try settings + self["EnvironmentFile"].flatMap({ try Self.lines(here($0)) }) {
            let parts = setting.split(separator: "=", maxSplits: 1).map(String.init)
            variables[parts[0]] = parts[1]
        }
        guard self["WorkingDirectory"].map(here) == [project.work.folder.path] else {
            throw Unknown(description: "the folder \(self["WorkingDirectory"])")
        }
        var outcomes: [WheelsProgram.Outcome] = []
        for command in self["ExecStart"] {
            // No shell reads it, and no word of ours is quoted.
            let words = try filled(command).split(separator: " ").map(String.init)
            guard words[0] == "/usr/bin/wheels-db" else { throw Unknown(description: "the program \(words[0])") }
            outcomes.append(try await project.run([WheelsProgram.path] + words.dropFirst(), variables))
            if outcomes.last?.status != 0 { break }
        }
        return outcomes
    }

    /// The lines of a file with variables, without quotes.
    private static func lines(_ path: String) throws -> [String] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
            String($0).replacing("'", with: "")
        }
    }
}
