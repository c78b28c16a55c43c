import ArgumentParser
import Diagnostics
import Testing

@testable import wheels_db

/// Swift Testing has a type of this name too.
typealias ExitStatus = wheels_db.ExitStatus

@Suite struct ExitStatusTests {
    static let table: [(FailureClass, Int32)] = [
        (.failure, 1), (.findings, 2), (.notFound, 10), (.locked, 11), (.wrongKey, 12), (.corrupt, 13),
        (.unreachable, 14), (.permission, 15), (.unsupportedVersion, 16), (.outOfSpace, 17), (.dataDiffers, 18),
        (.refused, 19), (.noConnectionSlot, 53), (.usage, 64), (.interrupted, 130),
    ]

    @Test(arguments: table)
    func `each class of failure has its promised code`(failureClass: FailureClass, code: Int32) {
        #expect(ExitStatus(failureClass).rawValue == code)
    }

    @Test func `every class and every code is in the promise`() {
        #expect(Set(Self.table.map(\.0)) == Set(FailureClass.allCases))
        #expect(Set(Self.table.map(\.1) + [0]) == Set(ExitStatus.allCases.map(\.rawValue)))
    }

    @Test func `every help ends with the table and every command has examples`() {
        for command in commands(of: WheelsDB.self) {
            let help = WheelsDB.helpMessage(for: command, columns: 200)
            for status in ExitStatus.allCases {
                #expect(help.contains("\(status.rawValue)  \(status.meaning)"), "\(command)")
            }
            guard command is any WheelsCommand.Type else { continue }
            #expect(help.contains("EXAMPLES"), "\(command)")
            #expect(!command.configuration.abstract.isEmpty, "\(command)")
        }
    }

    @Test func `the words of a command are its place in the tree`() {
        check(WheelsDB.self, path: [])
    }

    private func check(_ command: any ParsableCommand.Type, path: [String]) {
        if let wheels = command as? any WheelsCommand.Type {
            #expect(wheels.words == path.joined(separator: " "))
        }
        for child in command.configuration.subcommands {
            check(child, path: path + [child.configuration.commandName ?? "?"])
        }
    }

    private func commands(of root: any ParsableCommand.Type) -> [any ParsableCommand.Type] {
        [root] + root.configuration.subcommands.flatMap { commands(of: $0) }
    }
}
