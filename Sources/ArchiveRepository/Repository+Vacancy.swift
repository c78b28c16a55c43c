import Diagnostics

extension Repository {
    /// Makes sure that a repository may be made in a place.
    ///
    /// - Parameter store: The place.
    /// - Throws: ``RepositoryError`` of class `refused` when something is there already, or a repository around it.
    public static func requireVacant(_ store: any BlobStore) throws {
        if try store.size(of: RepositoryConfig.name) != nil {
            throw RepositoryError(
                code: "repository.exists",
                summary: "\(store.location) is a repository already.",
                remedy: Remedy("Use it, or give another place."),
                failureClass: .refused
            )
        }
        try requireNoneAround(store)
        guard try !store.isVacant() else { return }
        let entries = try store.list("")
        try refuseUnfinished(store, entries)
        if try !KeyRing(store: store).entries().isEmpty {
            throw RepositoryError(
                code: "repository.exists",
                summary: "\(store.location) is a repository already, though its \(RepositoryConfig.name) is missing.",
                remedy: MarkerDamage.remedy(for: RepositoryConfig.name),
                failureClass: .refused
            )
        }
        try refuseInner(store, entries)
        let folder = try (store as? LocalBlobStore)?.isFolder()
        throw RepositoryError(
            code: "repository.not-empty",
            summary: "\(store.location) \(folder == false ? "is a file, not a folder" : "holds other files").",
            remedy: Remedy(
                folder == nil ? "Give a prefix of its own: s3://bucket/PREFIX." : "Give an empty or a new folder."),
            failureClass: .refused
        )
    }

    /// A repository inside another would be foreign objects to that one.
    private static func requireNoneAround(_ store: any BlobStore) throws {
        for place in store.enclosing() {
            do {
                guard try place.size(of: RepositoryConfig.name) != nil else { continue }
            } catch let error as RepositoryError where [.permission, .notFound].contains(error.failureClass) {
                // Whoever may not look there cannot tell, and credentials for one prefix are a good thing.
                continue
            }
            throw RepositoryError(
                code: "repository.nested",
                summary: "\(store.location) is inside of the repository \(place.location).",
                remedy: Remedy("Give a place beside it."),
                failureClass: .refused
            )
        }
    }

    /// What an init that was killed leaves: keys, and no repository that they would open.
    private static func refuseUnfinished(_ store: any BlobStore, _ entries: [BlobEntry]) throws {
        let areAllKeys = entries.allSatisfy { entry in
            if case .holderKey = ObjectRole(entry.name) { true } else { false }
        }
        guard areAllKeys, !entries.isEmpty else { return }
        throw RepositoryError(
            code: "repository.unfinished",
            summary: "\(store.location) holds keys and no repository: an init is at work there, or was killed.",
            remedy: Remedy(
                "If none is at work, remove them, and make the repository again; no backup needs them:",
                command: removal(of: Layout.keys, in: store.location)),
            failureClass: .refused
        )
    }

    private static func removal(of folder: String, in location: String) -> String {
        guard location.hasPrefix("s3://") else { return "rm -r '\(location)/\(folder.dropLast())'" }
        let place = location.prefix { $0 != "?" }
        return "aws s3 rm --recursive \(place.hasSuffix("/") ? place.dropLast() : place)/\(folder)"
    }

    private static func refuseInner(_ store: any BlobStore, _ entries: [BlobEntry]) throws {
        let description = "/\(RepositoryConfig.name)"
        guard let inner = entries.first(where: { $0.name.description.hasSuffix(description) }) else { return }
        let place = inner.name.description.dropLast(description.utf8.count)
        throw RepositoryError(
            code: "repository.nested",
            summary: "\(store.location) holds another repository, in \(place).",
            remedy: Remedy("Give a place beside it."),
            failureClass: .refused
        )
    }
}
