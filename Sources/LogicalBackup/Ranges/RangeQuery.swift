import CatalogInspection
import PostgresClient
import PostgresTypes

/// Asks the server for the digests of ranges.
enum RangeQuery {
    /// Some neighbouring ranges of one table.
    struct Span: Sendable {
        let table: TableReading
        let ranges: Range<Int>
        /// Ask for the contents too, which makes the server read and hash every value.
        let withContents: Bool
    }

    /// The digests of some spans, in one statement.
    ///
    /// - Returns: For each span, in order, those of its ranges.
    /// - Throws: `PostgresError`.
    static func digests(of spans: [Span], on session: Session) async throws -> [RangeDigests] {
        let selects = spans.enumerated().map { place, span in "select \(place)::int4, (\(sql(of: span)))" }
        var answer = PackedAnswer()
        _ = try await session.copyOut(
            "COPY (\(selects.joined(separator: " union all "))) TO STDOUT (FORMAT binary)", into: &answer)
        let packed = answer.fields
        return try spans.enumerated().map { place, span in
            guard let bytes = packed[place], let digests = RangeDigests(packed: bytes, of: span) else {
                throw PostgresError(
                    kind: .unexpectedAnswer, message: "The digests of \(span.table.subject) are not what was asked for")
            }
            return digests
        }
    }

    /// A scalar subquery that packs rows, identity and contents of each range, in their order.
    ///
    /// `LATERAL` over the ranges is planned as a scan of just their pages (manual, section "EXPLAIN": Tid Range Scan).
    private static func sql(of span: Span) -> String {
        let table = span.table.record.table
        let alias = ContentDigest.alias
        let also = table.rowCondition.map { "(\($0))" }
        let source = "only \(table.qualifiedName) \(alias)"
        let contents = span.withContents ? ", coalesce(pg_catalog.sum(\(span.table.rowHash)), 0) as content" : ""
        guard table.isHeap else {
            let filter = also.map { " where \($0)" } ?? ""
            return "select \(packed(identity: false, span.withContents)) from "
                + "(select pg_catalog.count(*) as n\(contents) from \(source)\(filter)) d"
        }
        let pages = RangeDigests.pages
        let filter = (["\(alias).ctid >= d.low", "\(alias).ctid < d.high"] + (also.map { [$0] } ?? []))
            .joined(separator: " and ")
        return """
            select pg_catalog.string_agg(\(packed(identity: true, span.withContents)), ''::bytea order by d.page) from (\
            select p.page, pg_catalog.format('(%s,0)', p.page)::tid as low, \
            pg_catalog.format('(%s,0)', p.page + \(pages))::tid as high \
            from pg_catalog.generate_series(\(span.ranges.lowerBound * pages)::int8, \
            \((span.ranges.upperBound - 1) * pages)::int8, \(pages)) p(page)) d cross join lateral (\
            select pg_catalog.count(*) as n, coalesce(pg_catalog.sum(pg_catalog.hash_record_extended(\
            row(\(alias).ctid, \(alias).xmin), 0::bigint)), 0) as identity\(contents) from \(source) where \(filter)) e
            """
    }

    private static func packed(identity: Bool, _ contents: Bool) -> String {
        // Exact sums are larger than 64 bits; both parts of a content have its sign.
        let unit = "4611686018427387904"
        let parts = [
            "pg_catalog.int4send(n::int4)",
            identity ? "pg_catalog.int8send(pg_catalog.mod(identity, 9223372036854775808)::int8)" : nil,
            contents ? "pg_catalog.int8send(pg_catalog.div(content, \(unit))::int8)" : nil,
            contents ? "pg_catalog.int8send(pg_catalog.mod(content, \(unit))::int8)" : nil,
        ]
        return parts.compactMap { $0 }.joined(separator: " || ")
    }
}

extension RangeDigests {
    /// Takes apart what the server packed.
    fileprivate init?(packed bytes: [UInt8], of span: RangeQuery.Span) {
        let hasIdentity = span.table.record.table.isHeap
        let width = 4 + (hasIdentity ? 8 : 0) + (span.withContents ? 16 : 0)
        guard bytes.count == width * span.ranges.count else { return nil }
        self.init()
        var place = 0
        func number(_ width: Int) -> UInt64 {
            defer { place += width }
            return bytes[place..<(place + width)].reduce(0) { $0 << 8 | UInt64($1) }
        }
        for _ in span.ranges {
            let rows = Int(number(4))
            let identity = hasIdentity ? Int64(bitPattern: number(8)) : 0
            var content: Int128?
            if span.withContents {
                let high = Int128(Int64(bitPattern: number(8)))
                content = high << 62 + Int128(Int64(bitPattern: number(8)))
            }
            append(rows, identity, content)
        }
    }
}

/// Takes rows of `(int4, bytea)` in binary COPY.
private struct PackedAnswer: CopySink, Sendable {
    var fields: [Int: [UInt8]] = [:]

    mutating func write(_ row: RawSpan) {
        let bytes = unsafe row.withUnsafeBytes { unsafe Array($0) }
        // Header (19 bytes) before the first row; a row: 2 fields, 4 bytes of number, length, bytes.
        let start = bytes.starts(with: Array("PGCOPY".utf8)) ? 19 : 0
        guard bytes.count >= start + 14 else { return }
        let number = bytes[(start + 6)..<(start + 10)].reduce(0) { $0 << 8 | Int($1) }
        fields[number] = Array(bytes[(start + 14)...])
    }
}
