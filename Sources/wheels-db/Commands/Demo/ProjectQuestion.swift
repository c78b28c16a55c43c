/// A question that is asked of the source and of both restored projects, by the same queries.
struct ProjectQuestion: Sendable {
    typealias Ask = @Sendable (QuestionedProject) async throws -> Answer

    /// The name for scripts.
    let id: String
    /// The question as it stands in the table.
    let text: String
    /// The guide deals with it in a step of its own, which is not part of the dump.
    let isSeparateStep: Bool
    /// Asks a project.
    let ask: Ask

    init(_ id: String, _ text: String, isSeparateStep: Bool = false, ask: @escaping Ask) {
        self.id = id
        self.text = text
        self.isSeparateStep = isSeparateStep
        self.ask = ask
    }

    /// All questions, in the order of the table.
    static let all = rights + contents + objects

    /// Asks for a number.
    static func counting(_ sql: String) -> Ask {
        { project in .count(try await project.number(sql)) }
    }
}
