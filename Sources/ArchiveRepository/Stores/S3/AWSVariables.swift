import Diagnostics
import Foundation

/// What the AWS tools would find in the environment and in their two files.
///
/// Variables come before files, as with these tools. `AWS_PROFILE` chooses the section of the files.
struct AWSVariables: Sendable {
    private let environment: [String: String]

    init(environment: [String: String]) { self.environment = environment }

    /// A variable that is set to something.
    subscript(name: String) -> String? {
        guard let value = environment[name], !value.isEmpty else { return nil }
        return value
    }

    /// The region that requests are signed for.
    func region() throws -> String? {
        try self["AWS_REGION"] ?? self["AWS_DEFAULT_REGION"] ?? setting("region")
    }

    /// The address of the service, where it is not AWS.
    func endpoint() throws -> String? {
        try self["AWS_ENDPOINT_URL_S3"] ?? self["AWS_ENDPOINT_URL"] ?? setting("endpoint_url")
    }

    /// The section of the files that counts.
    var profile: String { self["AWS_PROFILE"] ?? self["AWS_DEFAULT_PROFILE"] ?? "default" }

    /// Whether somebody asked for a certain section.
    var namesProfile: Bool { self["AWS_PROFILE"] ?? self["AWS_DEFAULT_PROFILE"] != nil }

    /// A setting of the section; the credentials file comes before the configuration file.
    func setting(_ name: String) throws -> String? {
        try sections().lazy.compactMap { $0[name] }.first { !$0.isEmpty }
    }

    /// Whether the section stands in one of the files.
    func hasProfile() throws -> Bool { try !sections().isEmpty }

    private func sections() throws -> [[String: String]] {
        let credentials = try file("AWS_SHARED_CREDENTIALS_FILE", ".aws/credentials")
        let configuration = try file("AWS_CONFIG_FILE", ".aws/config")
        let name = profile == "default" ? "default" : "profile \(profile)"
        return [credentials?[profile], configuration?[name]].compactMap(\.self)
    }

    private func file(_ variable: String, _ usual: String) throws -> [String: [String: String]]? {
        let path: String
        if let named = self[variable] {
            path = named
        } else if let home = self["HOME"] {
            path = "\(home)/\(usual)"
        } else {
            return nil
        }
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        do {
            return AWSProfileFile(String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self))
                .sections
        } catch {
            throw RepositoryError(
                code: "store.credentials",
                summary: "\(path) cannot be read: \(error.localizedDescription)",
                failureClass: .permission
            )
        }
    }
}

/// The sections of a file in the form of `~/.aws/config`.
struct AWSProfileFile {
    private(set) var sections: [String: [String: String]] = [:]

    /// Reads lines `[section]` and `name = value`; indented lines belong to nested settings and are left out.
    init(_ text: String) {
        var section = ""
        for line in text.split(whereSeparator: \.isNewline) {
            let trimmed = line.trimmingCharacters(in: .whitespaces)
            guard let first = trimmed.first, first != "#", first != ";" else { continue }
            if first == "[" {
                let name = trimmed.dropFirst().prefix { $0 != "]" }
                section = name.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                if sections[section] == nil { sections[section] = [:] }
                continue
            }
            guard line.first?.isWhitespace == false, let equals = trimmed.firstIndex(of: "=") else { continue }
            let name = trimmed[..<equals].trimmingCharacters(in: .whitespaces).lowercased()
            sections[section, default: [:]][name] = trimmed[trimmed.index(after: equals)...]
                .trimmingCharacters(in: .whitespaces)
        }
    }
}
