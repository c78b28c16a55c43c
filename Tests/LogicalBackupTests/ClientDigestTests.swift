import ArchiveRepository
import CatalogInspection
import PostgresClient
import PostgresTesting
import PostgresTypes
import SealedStreams
import Testing

/// Digests the rows of a COPY as they come, and keeps a few of them.
private struct DigestSink: ~Copyable, CopySink, Sendable {
    var range: RangeDigest
    var first: [Int64] = []
    var messages: [[UInt8]] = []
    private var row: RangeDigest

    init(types: [UInt32]) {
        range = RangeDigest(types: types)
        row = RangeDigest(types: types)
    }

    mutating func write(_ message: RawSpan) throws {
        try range.add(message)
        let bytes = unsafe message.withUnsafeBytes { unsafe Array($0) }
        messages.append(bytes)
        guard first.count < 20 else { return }
        try row.add(message)
        let one = row.take()
        if one.rows == 1 { first.append(Int64(one.digest)) }
    }
}

@Suite("Content digest of COPY bytes", .tags(.server))
struct ClientDigestTests {
    private static let more = """
        create extension citext schema public;
        create domain zoo.feeling as zoo.mood; create domain zoo.deep as zoo.feeling;
        create domain zoo.mail as public.citext; create domain zoo.code as char(3); create domain zoo.codes as zoo.code;
        create domain zoo.numbers as int[];
        create table zoo.as_text (id int, m zoo.mood, f zoo.feeling, d zoo.deep, c public.citext, e zoo.mail, s zoo.code,
          ss zoo.codes, i information_schema.sql_identifier, y information_schema.yes_or_no, n zoo.numbers);
        insert into zoo.as_text values (1, 'O''Brien', 'sad', 'ok', 'Ä', 'A@b', 'x', 'y  ', 'id', 'YES', '[0:1]={1,NULL}'),
          (null, null, null, null, '', null, null, null, '', 'NO', '{}');
        insert into zoo.as_text (id) values (2);
        create table zoo.large (id int, t text, b bytea);
        insert into zoo.large select n, case when n % 2 = 0 then repeat(md5(n::text), 1 << n) end,
          case when n % 3 > 0 then decode(repeat(md5(n::text), (1 << n) + 1), 'hex') end from generate_series(1, 17) n;
        create table zoo.tagged (id int, tags public.citext[]); insert into zoo.tagged values (1, '{a,B}');
        """

    /// As many columns as a table can have.
    private static let wide = """
        create table zoo.wide (\((1...1_600).map { "c\($0) int" }.joined(separator: ", ")));
        insert into zoo.wide default values;
        insert into zoo.wide values (\((1...1_600).map { $0 % 7 == 0 ? "null" : "\($0)" }.joined(separator: ", ")));
        """

    @Test(.scratchDatabase) func `the client's digest of each table and row is the server's`() async throws {
        let session = try await ScratchDatabase.current.session()
        try await session.executeScript(TypeZoo.script)
        try await session.executeScript(Self.more + Self.wide)
        try await session.executeScript("set search_path = ''")
        let writer = ContentDigest(types: try await TypeQuery.types(in: session))
        let tables = try await TableQuery.tables(in: session).filter {
            $0.kind == .ordinary && ["zoo", "Größe x"].contains($0.schema)
        }
        var refused: Set<String> = []
        var columns = 0
        try await session.executeScript("begin; \(PinnedSettings.script)")
        for table in tables {
            guard let types = writer.clientTypes(for: table.storedColumns) else {
                refused.insert(table.name)
                continue
            }
            columns += types.count
            try await compare(table, types, writer, session)
        }
        #expect(refused == ["arrays", "made", "refs", "rest", "tagged"])
        #expect(tables.count > 20 && columns > 1_650)
    }

    private func compare(
        _ table: TableInfo,
        _ types: [UInt32],
        _ writer: ContentDigest,
        _ session: Session
    ) async throws {
        let names = table.storedColumns.map { "\"\($0.name)\"" }.joined(separator: ", ")
        var sink = DigestSink(types: types)
        _ = try await session.copyOut(
            "copy (select \(names) from only \(table.qualifiedName)) to stdout (format binary)", into: &sink)
        let server = try await digest(table, writer, session, condition: nil)
        let range = sink.range.take()
        #expect("\(range.rows) \(range.digest)" == server, "\(table.name)")
        let places = try await session.query(
            Query(unsafeSQL: "select ctid::text as place from only \(table.qualifiedName) limit 20"))
        #expect(places.count == sink.first.count)
        for (place, found) in zip(places, sink.first) {
            let condition = "\(ContentDigest.alias).ctid = '\(try place.value("place", as: String.self))'"
            let row = try await digest(table, writer, session, condition: condition)
            #expect("1 \(found)" == row, "\(table.name) \(condition)")
        }
        // The same rows out of a piece.
        var encoder = try PieceEncoder(columns: types.count, format: .binary)
        var content = ReusableBuffer(capacity: 1 << 10)
        for message in sink.messages { try unsafe encoder.encode(message.span.bytes, into: &content) }
        _ = try encoder.finish(ranges: [range], into: &content)
        var decoder = try PieceDecoder(name: "piece")
        var source = MemorySource(content.array)
        var stream = ReusableBuffer(capacity: 1 << 10)
        decoder.begin(length: content.count, digesting: types)
        while try decoder.decode(from: &source, into: &stream) {}
        #expect(decoder.digest == range.digest, "\(table.name)")
    }

    private func digest(
        _ table: TableInfo,
        _ writer: ContentDigest,
        _ session: Session,
        condition: String?
    ) async throws -> String {
        let sql = writer.statement(
            source: "only \(table.qualifiedName)", columns: table.storedColumns, condition: condition)
        let row = try #require(try await session.query(Query(unsafeSQL: sql)).first)
        return "\(try row.value("rows", as: String.self)) \(try row.value("digest", as: String.self))"
    }

    @Test(.scratchDatabase) func `the hash of any bytes under any seed is the server's`() async throws {
        let session = try await ScratchDatabase.current.session()
        var random = SystemRandomNumberGenerator()
        var cases: [(bytes: [UInt8], seed: UInt64)] = []
        for length in Array(0...80) + [255, 256, 1_000, 4_095, 65_537] {
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            cases += [(bytes, 0), (bytes, 1), (bytes, random.next())]
        }
        for (bytes, seed) in cases {
            let sql = """
                select pg_catalog.hash_record_extended(row(decode('\(Hexadecimal.text(bytes))', 'hex')), \
                '\(Int64(bitPattern: seed))'::bigint)::text as hash
                """
            let row = try #require(try await session.query(Query(unsafeSQL: sql)).first)
            let found = unsafe PostgresHash.extended(bytes.span.bytes, seed: seed)
            #expect(try row.value("hash") == String(Int64(bitPattern: found)), "\(bytes) \(seed)")
        }
        let row = try #require(try await session.query("select hashtextextended('Größe 🚐', 42)::text as hash").first)
        let bytes = Array("Größe 🚐".utf8)
        let text = unsafe PostgresHash.extended(bytes.span.bytes, seed: 42)
        #expect(try row.value("hash") == String(Int64(bitPattern: text)))
    }
}
