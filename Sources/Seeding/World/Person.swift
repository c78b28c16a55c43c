/// What is known about a user from their number.
struct Person: Sendable {
    let number: Int
    private let key: RowKey

    init(_ number: Int) {
        self.number = number
        key = RowKey(number)
    }

    /// The owner of a row; of a row that belongs to nobody, somebody to take names from.
    init(owning row: RowKey) { self.init(max(1, row.owner)) }

    private static let regions = Stream("person region")
    private static let homes = Stream("person home")
    private static let givenNames = Stream("person given name")
    private static let surnames = Stream("person surname")
    private static let joinings = Stream("person joined")
    private static let levels = Stream("person level")

    var region: Region { Region.of(Person.regions(key)) }
    var home: Int { Person.homes(key).below(region.towns.count) }
    var givenName: String { Person.givenNames(key).pick(Names.given) }
    var surname: String { Person.surnames(key).pick(Names.surnames) }
    /// The day of the sign-up: before anything else that a user has.
    var joined: Day { Day.today - Person.joinings(key).within(600...1_200) }
    /// The second of that day.
    var joinedAt: Moment { joined.at(Person.joinings(key).again) }
    /// A town so many stops down the road from home.
    func town(_ stops: Int) -> Town { region.towns[(home + stops) % region.towns.count] }

    /// How much a user does, from 2 to 41 by Zipf's law: few do most.
    ///
    /// 0 for the system and for the one with nothing.
    static func level(_ owner: Int) -> Int {
        switch owner {
        case 0, Cast.withNothing: 0
        case Cast.heavy: 41
        case Cast.bare: 6
        default: 1 + 40 / (1 + levels(RowKey(owner)).below(40))
        }
    }

    /// A user who is there whenever the given one is, and does something.
    static func other(than owner: Int, _ draw: Draw) -> Int {
        let number = 1 + draw.below(SeedScale.users(with: owner))
        return number == Cast.withNothing || number == owner ? Cast.inBoth : number
    }

    /// How many users ``distinct(_:_:with:)`` can choose from.
    static func choice(with owner: Int) -> Int { SeedScale.users(with: owner) - 1 }

    /// One of several different users who are there whenever the given one is; never the one with nothing.
    static func distinct(_ place: Int, _ draw: Draw, with owner: Int) -> Int {
        let count = choice(with: owner)
        let stride = [7, 11, 13, 17, 19].first { count % $0 != 0 } ?? 1
        let number = 1 + (draw.below(count) + place * stride) % count
        return number >= Cast.withNothing ? number + 1 : number
    }
}

/// Names that belong to nobody: given names, and plants and birds of the region where most users live.
enum Names: Sendable {
    static let given = [
        "Ada", "Alma", "Arlo", "Asha", "Ben", "Cleo", "Dario", "Edie", "Esme", "Finn", "Gwen", "Hugo", "Ines", "Ivy",
        "Jonah", "Juno", "Kai", "Lena", "Leo", "Lior", "Maeve", "Milo", "Nadia", "Nico", "Nora", "Olive", "Orla",
        "Otis", "Priya", "Quinn", "Remy", "Rosa", "Rufus", "Sam", "Tess", "Theo", "Uma", "Vera", "Wren", "Yuki",
    ]
    static let surnames = [
        "Acacia", "Banksia", "Bluegum", "Boronia", "Bottlebrush", "Brolga", "Corella", "Currawong", "Everlasting",
        "Galah", "Grevillea", "Hakea", "Ironbark", "Jacana", "Kingfisher", "Kowari", "Lilly", "Lorikeet", "Mallee",
        "Melaleuca", "Mulga", "Nightjar", "Pardalote", "Quandong", "Rosella", "Saltbush", "Snowgum", "Spinifex",
        "Stringybark", "Sundew", "Teatree", "Tern", "Wattle", "Waratah", "Whipbird", "Yabby",
    ]
}
