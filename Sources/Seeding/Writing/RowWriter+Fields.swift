/// One method for each kind of field. Each names the column first; `null` says how often it is NULL.
extension RowWriter {
    /// The row's own UUID.
    mutating func id(_ column: StaticString = "id") {
        guard begin(column, .never) != nil else { return }
        appendOwnID()
    }

    /// The row's own number.
    mutating func number(_ column: StaticString = "id") {
        guard begin(column, .never) != nil else { return }
        append(number: Int(SeedIdentity.number(key)))
    }

    /// The UUID of a row of a table.
    mutating func reference(
        _ column: StaticString, _ place: SeedTable.Place, _ target: RowKey?, null: Sparse = .never
    ) {
        guard begin(column, null) != nil else { return }
        if let target { append(uuid: place.tag, target) } else { appendNull() }
    }

    /// The number of a row of a table with numbers.
    mutating func reference(number column: StaticString, _ target: RowKey?, null: Sparse = .never) {
        guard begin(column, null) != nil else { return }
        if let target { append(number: Int(SeedIdentity.number(target))) } else { appendNull() }
    }

    /// The account that owns the row.
    mutating func owner(_ column: StaticString = "user_id", null: Sparse = .never) {
        let owner = key.owner == 0 ? nil : key.upTo(0)
        reference(column, .users, owner, null: null)
    }

    /// Text of up to four pieces.
    mutating func text(
        _ column: StaticString, _ first: String, _ second: String = "", _ third: String = "", _ fourth: String = "",
        null: Sparse = .never
    ) {
        guard begin(column, null) != nil else { return }
        append(first)
        append(second)
        append(third)
        append(fourth)
    }

    /// Text that ends with a number, such as `cus_seed000012`.
    mutating func text(_ column: StaticString, _ word: String, number: Int, digits: Int = 1, null: Sparse = .never) {
        guard begin(column, null) != nil else { return }
        append(word)
        append(number: number, digits: digits)
    }

    /// Text that is there or not by what the row is.
    mutating func text(_ column: StaticString, ifAny text: String?, null: Sparse = .bare) {
        guard begin(column, null) != nil else { return }
        if let text { append(text) } else { appendNull() }
    }

    /// One word of a list; each is as likely as another.
    mutating func pick(_ column: StaticString, _ words: [String], null: Sparse = .never) {
        guard let draw = begin(column, null) else { return }
        append(draw.pick(words))
    }

    /// One word of a list; the first ones are more likely.
    mutating func lean(_ column: StaticString, _ words: [String], null: Sparse = .never) {
        guard let draw = begin(column, null) else { return }
        append(draw.lean(words))
    }

    /// One word of a list by the row's key in turn, so that a small table shows all of them.
    mutating func turn(_ column: StaticString, _ words: [String], null: Sparse = .never) {
        guard begin(column, null) != nil else { return }
        append(words[(key.owner + key.first + key.second + key.third) % words.count])
    }

    /// A whole number.
    mutating func int(_ column: StaticString, _ number: Int, null: Sparse = .never) {
        guard begin(column, null) != nil else { return }
        append(number: number)
    }

    /// A whole number of a range.
    mutating func int(_ column: StaticString, in range: ClosedRange<Int>, null: Sparse = .never) {
        guard let draw = begin(column, null) else { return }
        append(number: draw.within(range))
    }

    /// A decimal number, in units of its last digit.
    mutating func decimal(_ column: StaticString, _ scaled: Int, digits: Int, null: Sparse = .never) {
        guard begin(column, null) != nil else { return }
        append(scaled: scaled, digits: digits)
    }

    /// A decimal number of a range, in units of its last digit.
    mutating func decimal(
        _ column: StaticString, in range: ClosedRange<Int>, digits: Int, null: Sparse = .never
    ) {
        guard let draw = begin(column, null) else { return }
        append(scaled: draw.within(range), digits: digits)
    }

    /// An amount of money in hundredths.
    mutating func cents(_ column: StaticString, _ cents: Int, null: Sparse = .never) {
        decimal(column, cents, digits: 2, null: null)
    }

    /// `true` so often, in percent.
    mutating func bool(_ column: StaticString, percent: Int, null: Sparse = .never) {
        guard let draw = begin(column, null) else { return }
        append(byte: draw.chance(percent) ? UInt8(ascii: "t") : UInt8(ascii: "f"))
    }

    /// A truth value.
    mutating func bool(_ column: StaticString, _ value: Bool, null: Sparse = .never) {
        guard begin(column, null) != nil else { return }
        append(byte: value ? UInt8(ascii: "t") : UInt8(ascii: "f"))
    }

    /// A day.
    mutating func day(_ column: StaticString, _ day: Day, null: Sparse = .never) {
        guard begin(column, null) != nil else { return }
        append(day: day)
    }

    /// A moment, in UTC.
    mutating func moment(_ column: StaticString, _ moment: Moment, null: Sparse = .never) {
        guard begin(column, null) != nil else { return }
        append(moment: moment)
    }

    /// A moment that is there or not by what the row is.
    mutating func moment(_ column: StaticString, ifAny moment: Moment?, null: Sparse = .bare) {
        guard begin(column, null) != nil else { return }
        if let moment { append(moment: moment) } else { appendNull() }
    }

    /// A position, longitude first.
    mutating func point(_ column: StaticString, _ spot: Spot, null: Sparse = .never) {
        guard begin(column, null) != nil else { return }
        append(byte: UInt8(ascii: "("))
        append(millionths: spot.longitude)
        append(byte: UInt8(ascii: ","))
        append(millionths: spot.latitude)
        append(byte: UInt8(ascii: ")"))
    }

    /// An address of the range that RFC 5737 keeps for documents.
    mutating func address(_ column: StaticString, null: Sparse = .never) {
        guard let draw = begin(column, null) else { return }
        append("203.0.113.")
        append(number: draw.within(1...254))
    }

    private mutating func append(day: Day) {
        let date = day.calendarDate
        append(number: date.year, digits: 4)
        append(byte: UInt8(ascii: "-"))
        append(number: date.month, digits: 2)
        append(byte: UInt8(ascii: "-"))
        append(number: date.day, digits: 2)
    }

    private mutating func append(moment: Moment) {
        append(day: moment.day)
        append(byte: UInt8(ascii: " "))
        append(number: moment.secondOfDay / 3_600, digits: 2)
        append(byte: UInt8(ascii: ":"))
        append(number: moment.secondOfDay / 60 % 60, digits: 2)
        append(byte: UInt8(ascii: ":"))
        append(number: moment.secondOfDay % 60, digits: 2)
        append("+00")
    }
}
