import ArgumentParser
import Diagnostics
import Foundation

/// Writes the pages of the manual; for packages.
struct Manual: WheelsCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual",
        abstract: "Write the manual's pages into a folder, or print the first one, for man.",
        discussion: HelpText.discussion(
            examples: "wheels-db manual | man -l -", "wheels-db manual --to /usr/local/share/man/man1"),
        shouldDisplay: false
    )
    static let words = "manual"
    @Option(help: ArgumentHelp("The folder for the pages.", valueName: "dir")) var to: String?
    @OptionGroup var global: GlobalOptions

    struct Document: Encodable { let pages: [String] }

    func run(in context: CommandContext) async throws {
        let pages = ManualPage.all(of: try .ofProgram())
        guard let to else { return try context.report.data(pages[0].text) }
        let folder = context.environment.absolutePath(to)
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for page in pages {
                try page.text.write(toFile: "\(folder)/\(page.file)", atomically: true, encoding: .utf8)
            }
        } catch {
            throw CommandError(
                "manual.unwritable", "The pages cannot be written into \(folder).",
                remedy: Remedy("Name a folder that can be written to."), failureClass: .permission)
        }
        try context.report.result(
            Document(pages: pages.map(\.file)), text: "Wrote \(pages.count) pages into \(folder).")
    }
}
