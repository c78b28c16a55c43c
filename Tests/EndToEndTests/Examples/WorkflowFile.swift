import Foundation
import Testing
import Yams

/// A workflow of GitHub Actions, as far as the files of Examples go; anything else is an error.
struct WorkflowFile: Sendable {
    struct Step: Sendable {
        let name: String
        /// The script; `nil` for a step that uses an action.
        let script: String?
        let variables: [String: String]
        /// Whether it runs after a step that failed.
        let runsAlways: Bool
    }

    struct Job: Sendable {
        let name: String
        let needs: [String]
        let environment: String?
        let variables: [String: String]
        let steps: [Step]
    }

    /// What is not understood.
    struct Unknown: Error, CustomStringConvertible {
        let description: String
    }

    /// When it starts by itself: five fields each.
    let schedules: [String]
    let jobs: [Job]

    init(_ text: String) throws {
        let root = try Self.mapping(try Yams.compose(yaml: text), "the file")
        try Self.require(
            root, ["name", "on", "permissions", "concurrency", "defaults", "env", "jobs"], "the workflow")
        let triggers = try Self.mapping(root["on"], "on")
        try Self.require(triggers, ["push", "schedule", "workflow_dispatch"], "on")
        schedules = (triggers["schedule"]?.sequence ?? []).compactMap { $0.mapping?["cron"]?.string }
        guard root["permissions"]?.mapping?["contents"]?.string == "read", root["permissions"]?.mapping?.count == 1
        else { throw Unknown(description: "permissions are more than contents: read") }
        guard root["defaults"]?.mapping?["run"]?.mapping?["shell"]?.string == "bash" else {
            throw Unknown(description: "the shell is not bash")
        }
        let shared = try Self.variables(root["env"])
        jobs = try Self.mapping(root["jobs"], "jobs").map { name, node in
            let job = try Self.mapping(node, "job")
            try Self.require(
                job, ["needs", "runs-on", "container", "timeout-minutes", "environment", "env", "steps"], "a job")
            return Job(
                name: name.string ?? "", needs: [job["needs"]?.string].compactMap(\.self),
                environment: job["environment"]?.string,
                variables: shared.merging(try Self.variables(job["env"])) { $1 },
                steps: try (job["steps"]?.sequence ?? []).map { try Self.step($0) })
        }
    }

    private static func step(_ node: Node) throws -> Step {
        let step = try mapping(node, "a step")
        try require(step, ["name", "uses", "run", "env", "if"], "a step")
        if let action = step["uses"]?.string, action != "actions/checkout@v4" {
            throw Unknown(description: "the action \(action)")
        }
        var runsAlways = false
        if let condition = step["if"]?.string {
            guard condition == "${{ !cancelled() }}" else { throw Unknown(description: "if: \(condition)") }
            runsAlways = true
        }
        guard (step["uses"] == nil) != (step["run"] == nil) else {
            throw Unknown(description: "a step that does not either use or run something")
        }
        return Step(
            name: step["name"]?.string ?? step["uses"]?.string ?? "", script: step["run"]?.string,
            variables: try variables(step["env"]), runsAlways: runsAlways)
    }

    private static func mapping(_ node: Node?, _ what: String) throws -> Node.Mapping {
        guard let mapping = node?.mapping else { throw Unknown(description: "\(what) is no mapping") }
        return mapping
    }

    private static func require(_ mapping: Node.Mapping, _ known: [String], _ what: String) throws {
        for key in mapping.keys where !known.contains(key.string ?? "") {
            throw Unknown(description: "\(what) has the key \(key.string ?? "?")")
        }
    }

    private static func variables(_ node: Node?) throws -> [String: String] {
        guard let node else { return [:] }
        return try Dictionary(
            uniqueKeysWithValues: mapping(node, "env").map { ($0.key.string ?? "", $0.value.string ?? "") })
    }
}

extension WorkflowFile {
    /// Puts the values of `${{ vars.X }}` and `${{ secrets.X }}` into a text.
    static func filled(_ text: String, _ values: [String: String]) throws -> String {
        var result = ""
        var rest = text[...]
        while let begin = rest.firstRange(of: "${{") {
            guard let end = rest[begin.upperBound...].firstRange(of: "}}") else {
                throw Unknown(description: "an expression without its end: \(text)")
            }
            let expression = rest[begin.upperBound..<end.lowerBound].trimmingCharacters(in: .whitespaces)
            guard let match = expression.wholeMatch(of: #/(?:vars|secrets)\.([A-Z0-9_]+)/#),
                let value = values[String(match.1)]
            else { throw Unknown(description: "the expression \(expression)") }
            result += rest[..<begin.lowerBound] + value
            rest = rest[end.upperBound...]
        }
        return result + rest
    }

    /// Runs the steps of a job as GitHub does, after the checkout: the scripts as they stand.
    ///
    /// - Returns: The steps that ran, by name, and how they ended.
    func run(
        _ name: String,
        in project: ExampleProject,
        _ values: [String: String]
    ) async throws -> [(step: String, outcome: WheelsProgram.Outcome)] {
        guard let job = jobs.first(where: { $0.name == name }) else { throw Unknown(description: "no job \(name)") }
        // Nothing is installed here: what stands for apt-get writes down what it was asked for.
        let log = project.work.folder.appendingPathComponent("apt-get.log").path
        let stand = try project.work.write("#!/bin/sh\necho \"$*\" >> '\(log)'\n", to: "bin/apt-get")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: stand)
        var outcomes: [(String, WheelsProgram.Outcome)] = []
        var hasFailed = false
        for step in job.steps where !hasFailed || step.runsAlways {
            guard let script = step.script else { continue }
            guard !script.contains("${{") else { throw Unknown(description: "an expression in a script: \(script)") }
            var variables = [
                "PATH": "\(project.bin.path):/usr/local/bin:/usr/bin:/bin", "RUNNER_TEMP": project.work.folder.path,
            ]
            for (key, value) in job.variables.merging(step.variables, uniquingKeysWith: { $1 }) {
                variables[key] = try Self.filled(value, values)
            }
            let outcome = try await project.run(
                ["/bin/bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script], variables)
            outcomes.append((step.name, outcome))
            hasFailed = hasFailed || outcome.status != 0
        }
        return outcomes
    }
}
