import Diagnostics
import FoundationEssentials

/// Reads the bytes of a migration as the text they must be.
enum MigrationText {
    /// The text of a file.
    ///
    /// Symbolic links are followed. Anything but a regular file is refused: reading a pipe would wait for ever.
    static func read(_ path: String, _ name: MigrationFileName) throws(UnusableFile) -> String {
        let type = fileType(path)
        guard type == .typeRegular else {
            let reason = type == nil ? "it is a link to a file that does not exist" : "it is no regular file"
            throw unreadable(path, name, reason, Remedy("Replace it by the file itself, or remove it."))
        }
        let bytes: [UInt8]
        do { bytes = Array(try Data(contentsOf: URL(filePath: path))) } catch {
            throw unreadable(path, name, reason(error), Remedy("Check the file's permissions."))
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw UnusableFile(finding: .notUTF8(path: path, name: name, bytes: bytes))
        }
        return text
    }

    /// Whether a path, links followed, leads to a folder.
    static func isFolder(_ path: String) -> Bool { fileType(path) == .typeDirectory }

    /// What a path leads to; `nil` when there is nothing.
    private static func fileType(_ path: String) -> FileAttributeType? {
        let target = URL(filePath: path).resolvingSymlinksInPath().path
        let attributes = try? FileManager.default.attributesOfItem(atPath: target)
        let type = attributes?[.type] as? FileAttributeType
        return type == .typeSymbolicLink ? nil : type
    }

    private static func reason(_ error: any Error) -> String {
        guard let error = error as? CocoaError else { return "\(error)" }
        return error.code == .fileReadNoPermission ? "permission denied" : "\(error.code)"
    }

    private static func unreadable(
        _ path: String,
        _ name: MigrationFileName,
        _ reason: String,
        _ remedy: Remedy
    ) -> UnusableFile {
        UnusableFile(
            finding: Finding(
                code: "migration.unreadable", severity: .error, subject: "\(name)",
                message: "\(path) cannot be read: \(reason).", remedy: remedy))
    }
}

/// One file that cannot be used.
struct UnusableFile: Error {
    let finding: Finding
}

extension Finding {
    /// The finding for bytes that are no UTF-8, with the line and the column of the first such byte.
    fileprivate static func notUTF8(path: String, name: MigrationFileName, bytes: [UInt8]) -> Finding {
        let isUTF16 = bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
        let offset = firstInvalidByte(of: bytes)
        let text = String(decoding: bytes[..<offset], as: UTF8.self)
        let rest = bytes[offset...].prefix { $0 != 10 }
        let span = SourceSpan(
            file: path, utf8Offset: offset, in: text + String(decoding: rest.prefix(200), as: UTF8.self))
        let byte = String(bytes[offset], radix: 16, uppercase: true)
        return Finding(
            code: "migration.encoding", severity: .error, subject: "\(name)",
            message: isUTF16
                ? "The file is UTF-16, not UTF-8."
                : "The file is no valid UTF-8: byte \(offset + 1) is 0x\(byte).",
            span: span,
            remedy: Remedy(
                "Save it as UTF-8. When its encoding is the one named here:",
                command: "iconv -f \(isUTF16 ? "UTF-16" : "WINDOWS-1252") -t UTF-8 '\(path)'"))
    }

    /// The place of the first byte that is no part of a character.
    private static func firstInvalidByte(of bytes: [UInt8]) -> Int {
        var place = 0
        var iterator = bytes.makeIterator()
        var decoder = Unicode.UTF8.ForwardParser()
        while true {
            switch decoder.parseScalar(from: &iterator) {
            case .valid(let scalar): place += scalar.count
            case .error, .emptyInput: return min(place, max(bytes.count - 1, 0))
            }
        }
    }
}
