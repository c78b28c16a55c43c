import CatalogInspection
import Diagnostics

/// Decides whether a database may be seeded.
///
/// The embedded server may always be: it is on this machine and was started for this. Everything else must be marked as
/// staging in this very database, must not be protected, and must hold no people. Seeding beside people's rows is
/// possible with `allowsRealUsers`, which the command line gives only when the database's name was typed.
enum SeedGuard: Sendable {
    /// Refuses what looks like production.
    ///
    /// - Parameters:
    ///   - signs: What was found in the database.
    ///   - options: Where the run takes place.
    /// - Throws: ``SeedError`` of class `refused`, with every sign.
    static func check(_ signs: ProductionSigns, _ options: SeedOptions) throws {
        guard !options.place.isEmbedded else { return }
        let counted = signs.signs.filter { !(options.allowsRealUsers && $0.isAboutPeople) }
        guard ProductionSigns(counted).looksLikeProduction else { return }
        throw SeedError.looksLikeProduction(counted, remedy: remedy(counted, options.place))
    }

    private static func remedy(_ signs: [ProductionSign], _ place: SeedOptions.Place) -> Remedy {
        let target = place.environment.map { " --env \($0)" } ?? ""
        let isProtected = signs.contains { if case .protected = $0 { true } else { false } }
        if isProtected {
            return Remedy("Name another environment, or the embedded server:", command: "wheels-db local start")
        }
        if signs.contains(where: \.isAboutPeople) {
            return Remedy(
                "Find out whose accounts these are. If they may stay beside seeded ones:",
                command: "wheels-db seed apply\(target) --allow-real-users --confirm \(place.confirmation)")
        }
        return Remedy("If this is staging, say so once:", command: "wheels-db env mark staging\(target)")
    }
}

extension SeedOptions.Place {
    /// The word that has to be typed for this database, as far as it is known here.
    fileprivate var confirmation: String { name ?? ref ?? "NAME" }
}
