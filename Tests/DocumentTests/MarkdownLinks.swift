import DocumentTesting
import Foundation

/// The links of a document that lead to files and headings of this repository.
enum MarkdownLinks {
    /// What is wrong with the links of a document.
    ///
    /// - Parameters:
    ///   - document: The document.
    ///   - files: The paths that exist, with the documents' text.
    /// - Returns: One line for each link that leads nowhere.
    static func complaints(_ document: RepositoryTree.File, among files: [RepositoryTree.File]) -> [String] {
        let text = document.text.replacing(#/(?ms)^ *```.*?^ *```/#, with: "").replacing(#/`[^`\n]*`/#, with: "")
        let targets = text.matches(of: #/\]\(([^)\s]+)\)/#).map { String($0.1) }
        return targets.filter { !$0.contains("://") && !$0.hasPrefix("mailto:") }.compactMap { target in
            let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let path = parts[0].isEmpty ? document.path : resolve(parts[0], from: document.path)
            let isThere = files.contains { $0.path == path || $0.path.hasPrefix(path + "/") }
            guard isThere else { return "\(document.path): \(target) leads to no file" }
            guard parts.count == 2, let file = files.first(where: { $0.path == path }) else { return nil }
            return anchors(of: file).contains(parts[1]) ? nil : "\(document.path): \(target) leads to no heading"
        }
    }

    private static func resolve(_ target: String, from path: String) -> String {
        var parts = path.split(separator: "/").dropLast().map(String.init)
        for part in target.split(separator: "/").map(String.init) where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return parts.joined(separator: "/")
    }

    /// The names that a heading gets: lower case, blanks as hyphens, other signs left out.
    private static func anchors(of file: RepositoryTree.File) -> [String] {
        file.text.matches(of: #/(?m)^#+ +(.+)$/#).map { match in
            String(
                match.1.lowercased().compactMap { sign in
                    if sign.isLetter || sign.isNumber || sign == "-" || sign == "_" { return sign }
                    return sign == " " ? "-" : nil
                }
            )
        }
    }
}
