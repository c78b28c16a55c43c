/// What happens to a database between two nights, drawn from a seed.
///
/// It knows what it has made, so that every statement is one that succeeds; a statement that fails is a mistake here.
struct Storm {
    private(set) var tables: [StormTable] = []
    var dice: Dice
    private var serial = 0
    private var labels = ["calm", "windy", "wild"]
    private var attributes = ["a int", "b text"]
    private var named = "named_0"
    private var objects: [Int] = []

    init(seed: UInt64) { dice = Dice(seed: seed) }

    /// A number that was not given out before.
    mutating func next() -> Int {
        serial += 1
        return serial
    }

    /// The statements of the first day.
    mutating func begin() -> [String] {
        let types = [
            "create extension citext with schema public", "create table \(named) (id int)",
            "create type mood as enum ('calm', 'windy', 'wild')", "create type pair as (a int, b text)",
        ]
        return types + StormTable.Shape.allCases.flatMap { create($0) }
    }

    /// The statements of one day.
    mutating func day() -> [String] {
        (0..<dice.number(2...7)).flatMap { _ in dice.chance(70) ? rows() : dice.chance(60) ? file() : meaning() }
    }

    /// Changes of rows only, as they go on while a backup is made.
    mutating func rows() -> [String] {
        guard let table = dice.choose(tables.filter { !$0.isTornApart }) else { return [] }
        let seed = next()
        let name = table.name
        let share = "id % \(dice.number(2...400)) = \(dice.number(0...40))"
        let many = "\(seed * 1000), \(seed * 1000 + dice.number(0...600))"
        let some = "select \(rowOf(table, seed)) from generate_series(\(many)) g"
        switch dice.number(0...9) {
        case 0, 1: return ["insert into \(name) \(some)"]
        case 2: return ["insert into \(name) \(some) on conflict do nothing"]
        case 3: return ["update \(name) set note = 'note \(seed)' where \(share)"]
        case 4: return ["update \(name) set note = repeat(md5(id::text || '\(seed)'), 120) where \(share)"]
        case 5: return ["update \(name) set id = id + 100000000 where \(share)"]
        case 6: return ["delete from \(name) where \(share)"]
        case 7:
            return ["begin", "update \(name) set note = 'never'", "insert into \(name) \(some)", "rollback"]
        case 8:
            return [
                "begin", "insert into \(name) \(some)", "savepoint s", "delete from \(name) where \(share)",
                dice.chance(50) ? "rollback to s" : "release s", "update \(name) set note = note || '.' where \(share)",
                "commit",
            ]
        default:
            // The same rows in other places.
            let copy = "kept_\(seed)"
            return [
                "begin", "create temp table \(copy) on commit drop as select * from \(name) where \(share)",
                "delete from \(name) where \(share)", "insert into \(name) select * from \(copy)", "commit",
            ]
        }
    }

    /// Changes of files, with and without changes of rows.
    private mutating func file() -> [String] {
        guard let place = tables.indices.randomElement(using: &dice) else { return [] }
        let table = tables[place]
        let leaf = dice.choose(table.leaves) ?? table.name
        switch dice.number(0...13) {
        case 0, 1, 2: return ["vacuum \(leaf)"]
        case 3: return ["vacuum freeze \(leaf)"]
        case 4: return ["vacuum full \(leaf)"]
        case 5: return ["analyze \(table.name)", "reindex table \(leaf)"]
        case 6: return ["cluster \(leaf) using \(leaf)_order"]
        case 7: return ["begin", "truncate \(table.name)", "rollback"]
        case 8: return ["truncate \(table.name)"]
        case 9: return ["alter table \(leaf) set (fillfactor = \(dice.number(50...100)))"]
        case 10: return ["alter table \(leaf) set \(dice.chance(50) ? "unlogged" : "logged")"]
        case 11: return ["select lo_from_bytea(\(addObject()), convert_to(repeat(md5('\(serial)'), 500), 'UTF8'))"]
        case 12:
            guard let object = dice.choose(objects) else { return [] }
            if dice.chance(60) { return ["select lo_put(\(object), \(dice.number(0...9000)), 'put \(next())')"] }
            objects.removeAll { $0 == object }
            return ["select lo_unlink(\(object))"]
        default:
            // Of a tree that is hashed by an enum, rows could find no place after a restore.
            guard table.shape != .hashedByMood, let last = table.leaves.last else { return [] }
            tables[place].isTornApart.toggle()
            return table.isTornApart
                ? ["alter table \(table.name) attach partition \(last) for values with (modulus 3, remainder 2)"]
                : ["alter table \(table.name) detach partition \(last)"]
        }
    }

    private mutating func addObject() -> Int {
        objects.append(700_000 + next())
        return 700_000 + serial
    }

    /// Changes of what rows mean, and of tables as such.
    private mutating func meaning() -> [String] {
        switch dice.number(0...8) {
        case 0:
            let place = dice.number(0...labels.count - 1)
            let old = labels[place]
            labels[place] = "label_\(next())"
            return ["alter type mood rename value '\(old)' to '\(labels[place])'"]
        case 1:
            labels.insert("label_\(next())", at: 0)
            return ["alter type mood add value '\(labels[0])' before '\(labels[1])'"]
        case 2:
            if attributes.count > 2, dice.chance(50) {
                let gone = attributes.removeLast()
                return ["alter type pair drop attribute \(gone.split(separator: " ")[0])"]
            }
            attributes.append("c\(next()) \(dice.chance(50) ? "int" : "text")")
            return ["alter type pair add attribute \(attributes.last ?? "")"]
        case 3:
            let old = named
            named = "named_\(next())"
            return ["alter table \(old) rename to \(named)"]
        case 4:
            guard let place = tables.indices.randomElement(using: &dice), !tables[place].isTornApart else { return [] }
            let gone = tables.remove(at: place)
            return ["drop table \(gone.name)"] + create(gone.shape)
        case 5:
            guard let place = tables.indices.randomElement(using: &dice), tables[place].leaves.isEmpty else {
                return []
            }
            let old = tables[place].name
            tables[place].name = "t\(next())"
            return ["alter table \(old) rename to \(tables[place].name)"]
                + ["alter index \(old)_order rename to \(tables[place].name)_order"]
        default: return columns()
        }
    }

    private mutating func columns() -> [String] {
        guard let place = tables.indices.randomElement(using: &dice), !tables[place].isTornApart else { return [] }
        let name = tables[place].name
        if tables[place].extras.count > 1, dice.chance(60) {
            let (one, other) = (tables[place].extras[0], tables[place].extras[1])
            if dice.chance(50) {
                return ["\(one) to swapped", "\(other) to \(one)", "swapped to \(other)"].map {
                    "alter table \(name) rename \($0)"
                }
            }
            tables[place].extras.removeFirst()
            return ["alter table \(name) drop \(one)"]
        }
        let column = "x\(next())"
        tables[place].extras.append(column)
        return ["alter table \(name) add \(column) text" + (dice.chance(50) ? " default 'd\(serial)'" : "")]
    }

    private mutating func create(_ shape: StormTable.Shape) -> [String] {
        let number = next()
        let table = StormTable(name: "t\(number)", shape: shape)
        tables.append(table)
        let key = table.key.map { " partition by hash (\($0))" } ?? ""
        let leaves = table.leaves.enumerated().map { place, leaf in
            "create table \(leaf) partition of \(table.name) for values with (modulus 3, remainder \(place))"
        }
        let orders = (table.leaves.isEmpty ? [table.name] : table.leaves).flatMap { leaf in
            ["create index \(leaf)_order on \(leaf) (id)", "alter table \(leaf) alter note set storage external"]
        }
        let fill = "select \(rowOf(table, number)) from generate_series(1, \(dice.number(0...1_500))) g"
        return ["create table \(table.name) (\(table.columns))\(key)"] + leaves + orders
            + ["insert into \(table.name) \(fill)"]
    }

    /// The values of a row over `g`, for the columns that every table of a shape has; others are left to their defaults.
    private func rowOf(_ table: StormTable, _ seed: Int) -> String {
        let label = "(array['\(labels.joined(separator: "','"))'])[1 + g % \(labels.count)]::mood"
        let parts = attributes.map { $0.hasSuffix("int") ? "g" : "'p' || g" }.joined(separator: ", ")
        let note =
            "case when g % 61 = 0 then repeat(md5((g + \(seed))::text), 90) else md5((g::bigint * \(seed))::text) end"
        switch table.shape {
        case .plain, .hashedByNumber, .hashedByMood:
            return "g, \(note), g / 100.0, \(label), 'Name ' || g % 7, '2026-01-01'::timestamptz + g * interval '1 s',"
                + " jsonb_build_object('g', g)"
        case .composite: return "g, \(note), row(\(parts))::pair"
        case .text: return "g, \(note), '\(named)'::regclass, array[\(label)], array[row(\(parts))::pair]"
        }
    }
}

/// A table that a storm has made.
struct StormTable {
    /// What columns it has, and whether it has leaves.
    enum Shape: CaseIterable {
        case plain
        case composite
        case text
        case hashedByNumber
        case hashedByMood
    }

    var name: String
    let shape: Shape
    /// The names of columns that came later.
    var extras: [String] = []
    /// One leaf is detached.
    var isTornApart = false

    var columns: String {
        switch shape {
        case .plain, .hashedByNumber, .hashedByMood:
            "id bigint, note text, amount numeric, mood mood, name citext, at timestamptz, doc jsonb"
        case .composite: "id bigint, note text, pair pair"
        case .text: "id bigint, note text, what regclass, moods mood[], pairs pair[]"
        }
    }

    /// The column that its leaves are hashed by.
    var key: String? {
        switch shape {
        case .hashedByNumber: "id"
        case .hashedByMood: "mood"
        default: nil
        }
    }

    var leaves: [String] { key == nil ? [] : (0..<3).map { "\(name)_\($0)" } }
}

/// Random numbers from a seed (SplitMix64).
struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

    mutating func chance(_ percent: Int) -> Bool { number(1...100) <= percent }

    mutating func choose<Element>(_ elements: [Element]) -> Element? { elements.randomElement(using: &self) }
}
