import Diagnostics
import FoundationEssentials

/// The one document that `--json` prints: the command's values beside the name of their schema.
struct JSONDocument<Body: Encodable>: Encodable {
    /// The command in words, such as `backup create`.
    let command: String
    let body: Body

    private enum Key: String, CodingKey {
        case schema
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        let name = command.split(separator: " ").joined(separator: "-")
        try container.encode("wheels-db/\(name)/v1", forKey: .schema)
        try body.encode(to: encoder)
    }

    /// The document as one line of text.
    func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.dateEncodingStrategy = .iso8601
        return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }
}

/// An error as `--json` prints it.
struct ErrorBody: Encodable, Equatable {
    /// The error itself.
    struct Details: Encodable, Equatable {
        let code: String
        let message: String
        let remedy: String?
        let exit: Int32
        /// The command of the remedy alone, ready to run.
        let command: String?
        /// `file:line:column`, where the error has a place.
        let place: String?
        let findings: [Finding]?

        private enum CodingKeys: String, CodingKey {
            case code
            case message
            case remedy
            case exit
            case command
            case place
            case findings
        }

        /// Writes `remedy` as `null` when there is none, so that the four promised keys are always there.
        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(code, forKey: .code)
            try container.encode(message, forKey: .message)
            try container.encode(remedy, forKey: .remedy)
            try container.encode(exit, forKey: .exit)
            try container.encodeIfPresent(command, forKey: .command)
            try container.encodeIfPresent(place, forKey: .place)
            try container.encodeIfPresent(findings, forKey: .findings)
        }
    }

    let error: Details

    init(_ error: any ExplainedError) {
        self.error = Details(
            code: error.code,
            message: error.summary,
            remedy: error.remedy?.description,
            exit: ExitStatus(error.failureClass).rawValue,
            command: error.remedy?.command,
            place: error.span?.description,
            findings: error.findings.isEmpty ? nil : error.findings
        )
    }
}
