/// What to ask a server for.
public struct HTTPRequest: Sendable {
    /// The method, such as `GET`.
    public var method: String
    /// The whole address, with everything percent-encoded that has to be.
    public var url: String
    /// Header fields in the order in which they are sent.
    public var fields: [Field]

    /// One header field.
    public struct Field: Sendable, Hashable {
        /// The name, in any case.
        public let name: String
        /// The value; no line breaks.
        public let value: String

        /// One header field.
        ///
        /// - Parameters:
        ///   - name: The name, in any case.
        ///   - value: The value; no line breaks.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// What to ask a server for.
    ///
    /// - Parameters:
    ///   - method: The method.
    ///   - url: The whole address, percent-encoded.
    ///   - fields: Header fields.
    public init(_ method: String, _ url: String, fields: [Field] = []) {
        self.method = method
        self.url = url
        self.fields = fields
    }

    /// The host and the port of the address, for messages; never a user, a path or a query.
    public var authority: String {
        let rest = url.firstRange(of: "://").map { url[$0.upperBound...] } ?? url[...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        return String(authority.split(separator: "@", omittingEmptySubsequences: false).last ?? authority)
    }

    /// Whether a field could end early and begin another one.
    var hasLineBreaks: Bool {
        let texts = [method, url] + fields.flatMap { [$0.name, $0.value] }
        return texts.contains { $0.utf8.contains { $0 == 10 || $0 == 13 || $0 == 0 } }
    }
}
