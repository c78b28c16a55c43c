import PackagePlugin

/// Writes the commit that is built into a source of the target, before each build; an unchanged one rebuilds nothing.
@main
struct BuildCommit: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: Target) throws -> [Command] {
        let folder = context.pluginWorkDirectoryURL.appending(path: "Commit")
        let script = context.package.directoryURL.appending(path: "packaging/commit")
        return [
            .prebuildCommand(
                displayName: "The commit that is built",
                executable: script,
                arguments: ["--swift", folder.path(percentEncoded: false)],
                outputFilesDirectory: folder)
        ]
    }
}
