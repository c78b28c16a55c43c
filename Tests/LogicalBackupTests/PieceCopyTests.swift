import ArchiveRepository
import PostgresClient
import PostgresTesting
import PostgresTypes
import SealedStreams
import Testing

/// Keeps the messages of a COPY.
private struct MessageSink: CopySink {
    var messages: [[UInt8]] = []

    mutating func write(_ row: RawSpan) throws {
        messages.append(unsafe row.withUnsafeBytes { unsafe Array($0) })
    }
}

@Suite("Pieces of a server's rows", .tags(.server))
struct PieceCopyTests {
    private func roundTrip(_ messages: [[UInt8]], columns: Int, format: CopyFormat) throws -> [UInt8] {
        var encoder = try PieceEncoder(columns: columns, format: format)
        var content = ReusableBuffer(capacity: 1 << 10)
        for message in messages { try unsafe encoder.encode(message.span.bytes, into: &content) }
        let totals = try encoder.finish(ranges: [], into: &content)
        #expect(totals.rawBytes == messages.reduce(0) { $0 + $1.count })
        var decoder = try PieceDecoder(name: "piece")
        var source = MemorySource(content.array)
        var stream = ReusableBuffer(capacity: 1 << 10)
        decoder.begin(length: content.count)
        while try decoder.decode(from: &source, into: &stream) {}
        return stream.array
    }

    @Test(.scratchDatabase) func `every type that a column can have comes back to the byte, in both formats`()
        async throws
    {
        let session = try await ScratchDatabase.current.session()
        try await session.executeScript(TypeZoo.script)
        // Enough rows that the forms of values are looked for, and as they are.
        try await session.executeScript(
            """
            create table zoo.many as select s.* from zoo.scalars s, generate_series(1, 500);
            create table zoo.many_made as select m.* from zoo.made m, generate_series(1, 500);
            create table zoo.measured as select n as id, n * 0.25::numeric(12, 2) as price, (n % 90) + n / 1e6 as lat,
              (n / 7)::real as r, now() + n * interval '1 second' as seen, gen_random_uuid() as u, n % 3 = 0 as b,
              case when n % 2 = 0 then 'NaN'::numeric else n end as odd from generate_series(1, 20000) n;
            """
        )
        let tables = try await session.query(
            """
            select c.oid::regclass::text as name, c.relnatts::int - (select count(*)::int from pg_attribute a
              where a.attrelid = c.oid and a.attnum > 0 and a.attisdropped) as columns
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind = 'r' and n.nspname in ('zoo', 'Größe x') order by 1
            """
        )
        #expect(tables.count > 20)
        for table in tables {
            let name: String = try table.value("name")
            let columns: Int = try table.value("columns")
            for (format, word) in [(CopyFormat.binary, "binary"), (.text, "text")] {
                // A few types have no binary form.
                if format == .binary, name == "zoo.rest" { continue }
                var sink = MessageSink()
                _ = try await session.copyOut("copy (select * from \(name)) to stdout (format \(word))", into: &sink)
                let messages = sink.messages
                let found = try roundTrip(messages, columns: columns, format: format)
                #expect(found == messages.flatMap(\.self), "\(name) as \(word)")
            }
        }
    }
}
