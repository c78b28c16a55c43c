/// What the demonstration has done so far: each step with its result and its time.
struct StepLog: Sendable {
    struct Step: Encodable, Sendable {
        let step: String
        let result: String
        let seconds: Double
    }

    let report: Reporter
    private(set) var steps: [Step] = []

    init(report: Reporter) { self.report = report }

    /// Does a step, times it and remembers its result.
    ///
    /// - Parameters:
    ///   - name: The step in a few words.
    ///   - work: Gives the value that later steps need, and the result as people read it.
    /// - Returns: The value.
    /// - Throws: What the work throws, and `CancellationError` before it begins.
    mutating func run<Value>(_ name: String, _ work: () async throws -> (Value, String)) async throws -> Value {
        try Task.checkCancellation()
        report.note("\(name)…")
        let begin = ContinuousClock.now
        let (value, result) = try await work()
        let seconds = Double((ContinuousClock.now - begin) / .milliseconds(1)) / 1_000
        steps.append(Step(step: name, result: result, seconds: seconds))
        return value
    }

    /// Remembers what went on beside a step.
    mutating func remember(_ name: String, _ result: String, seconds: Double) {
        steps.append(Step(step: name, result: result, seconds: seconds))
    }

    /// Does a step that later ones need nothing of.
    mutating func run(_ name: String, _ work: () async throws -> String) async throws {
        try await run(name) { ((), try await work()) }
    }
}
