/// Who may do what: relation × role × command, each a cell.
public struct AccessMatrix: Sendable, Equatable {
    /// What a role's command on a relation comes to.
    public struct Cell: Sendable, Hashable {
        /// The verdict.
        public let verdict: Verdict
        /// The columns the grant is limited to; `nil` when it is on the whole relation.
        public let columns: [String]?
        /// What the command cannot do, such as `RETURNING`; empty when it can all.
        public let lacks: [String]

        /// A cell.
        ///
        /// - Parameters:
        ///   - verdict: The verdict.
        ///   - columns: The columns the grant is limited to.
        ///   - lacks: What the command cannot do.
        public init(_ verdict: Verdict, columns: [String]? = nil, lacks: [String] = []) {
            self.verdict = verdict
            self.columns = columns
            self.lacks = lacks
        }

        /// The cell as the matrix shows it: `OWN*`, `DENY(grant)`, `COND (no RETURNING)`.
        public var text: String {
            let star = columns == nil ? "" : "*"
            return verdict.text + star + (lacks.isEmpty ? "" : " (no \(lacks.joined(separator: ", ")))")
        }
    }

    /// The verdict about a cell.
    public enum Verdict: Sendable, Hashable {
        /// Every row.
        case open
        /// The caller's own rows only.
        case own
        /// Rows that meet some other condition.
        case conditional
        /// Refused: no grant.
        case deniedByGrant
        /// No row: no policy lets any through.
        case deniedByPolicy
        /// Every such statement fails, with this SQLSTATE.
        case error(String)
        /// There is no such command for this relation.
        case none

        /// The verdict's word.
        public var text: String {
            switch self {
            case .open: "OPEN"
            case .own: "OWN"
            case .conditional: "COND"
            case .deniedByGrant: "DENY(grant)"
            case .deniedByPolicy: "DENY(rls)"
            case .error(let state): "ERROR(\(state))"
            case .none: "-"
            }
        }

        /// How far it opens the relation: more is wider.
        var width: Int {
            switch self {
            case .none, .deniedByGrant: 0
            case .deniedByPolicy, .error: 1
            case .own: 2
            case .conditional: 3
            case .open: 4
            }
        }

        init?(text: String) {
            switch text {
            case "OPEN": self = .open
            case "OWN": self = .own
            case "COND": self = .conditional
            case "DENY(grant)": self = .deniedByGrant
            case "DENY(rls)": self = .deniedByPolicy
            case "-": self = .none
            default:
                guard text.hasPrefix("ERROR("), text.hasSuffix(")") else { return nil }
                self = .error(String(text.dropFirst(6).dropLast()))
            }
        }
    }

    /// The place of a cell.
    public struct Place: Sendable, Hashable, Comparable, CustomStringConvertible {
        /// The relation, such as `public.trips`.
        public let relation: String
        /// The role.
        public let role: String
        /// The command.
        public let command: AccessCommand

        /// The place in words.
        public var description: String { "\(relation) \(role) \(command.rawValue)" }

        /// Orders by relation, role and command, as the matrix lists them.
        public static func < (lhs: Place, rhs: Place) -> Bool {
            (lhs.relation, AccessMatrix.rank(lhs.role), lhs.role, lhs.command)
                < (rhs.relation, AccessMatrix.rank(rhs.role), rhs.role, rhs.command)
        }
    }

    /// The cells.
    public let cells: [Place: Cell]
    /// What the server said where a cell is ERROR; no part of the comparison.
    public let messages: [Place: String]

    init(cells: [Place: Cell], messages: [Place: String] = [:]) {
        self.cells = cells
        self.messages = messages
    }

    /// The cell of a place.
    ///
    /// - Parameters:
    ///   - relation: The relation, such as `public.trips`.
    ///   - role: The role.
    ///   - command: The command.
    public subscript(_ relation: String, _ role: String, _ command: AccessCommand) -> Cell? {
        cells[Place(relation: relation, role: role, command: command)]
    }

    /// The rows: relation and role, in order.
    public var rows: [(relation: String, role: String)] {
        cells.keys.filter { $0.command == .select }.sorted().map { ($0.relation, $0.role) }
    }

    /// The places of cells that are ERROR.
    public var errors: [Place] {
        cells.filter { if case .error = $0.value.verdict { true } else { false } }.map(\.key).sorted()
    }

    /// Matrices are equal when their cells are.
    public static func == (lhs: AccessMatrix, rhs: AccessMatrix) -> Bool { lhs.cells == rhs.cells }

    private static func rank(_ role: String) -> Int { AccessRole.ofAPI.firstIndex(of: role) ?? AccessRole.ofAPI.count }
}
