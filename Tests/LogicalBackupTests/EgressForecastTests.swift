import ArchiveRepository
import Diagnostics
import LogicalBackup
import PostgresClient
import Testing

@Suite("The forecast of a month's egress")
struct EgressForecastTests {
    private func forecast(_ bytes: Int, first: Int?, today: String, plan: Int? = 5_000_000_000) throws -> EgressForecast
    {
        let run = try #require(BackupID("202611\(today)T021500Z-7f3a12"))
        var totals = EgressTotals(month: EgressMonth(of: run))
        totals.sources = ["abcdefghijklmnopqrst": bytes, "other.example.com": 0, "local": 1 << 40]
        totals.firstDay = first
        return EgressForecast(totals: totals, source: "abcdefghijklmnopqrst", run: run, plan: plan)
    }

    @Test func `goes on with the rate of the days since the first run`() throws {
        // Twelve nights of 100 MB, and eighteen more to come.
        let nightly = try forecast(1_200_000_000, first: 1, today: "12")
        #expect(nightly.forecast == 3_000_000_000)
        #expect(
            nightly.sentence
                == "Egress of backups this month: 1.2 GB, 24 % of 5 GB; 60 % by the 30th at this rate.")
        // The first backup was made on the tenth.
        #expect(try forecast(300_000_000, first: 10, today: "12").forecast == 2_100_000_000)
        #expect(try forecast(100_000_000, first: 30, today: "30").forecast == 100_000_000)
        #expect(try forecast(0, first: nil, today: "30").forecast == 0)
    }

    @Test func `names small parts with a digit, and no part without a plan`() throws {
        #expect(
            try forecast(20_000_000, first: 1, today: "30").sentence
                == "Egress of backups this month: 20 MB, 0.4 % of 5 GB; 0.4 % by the 30th at this rate.")
        #expect(
            try forecast(20_000_000, first: 15, today: "15", plan: nil).sentence
                == "Egress of backups this month: 20 MB; 320 MB by the 30th at this rate.")
    }

    @Test func `a month that will not fit into the plan is a warning, once its days say something`() throws {
        #expect(try forecast(100_000_000, first: 1, today: "12").finding == nil)
        // One full backup on the first day says nothing of the others; what is spent is spent.
        #expect(try forecast(400_000_000, first: 1, today: "01").finding == nil)
        #expect(try forecast(6_000_000_000, first: 1, today: "01").finding != nil)
        let finding = try #require(try forecast(3_000_000_000, first: 1, today: "12").finding)
        #expect(finding.code == "egress.over-plan" && finding.severity == .warning)
        #expect(
            finding.message
                == "At this rate the month's backups will have received 7.5 GB by the 30th, more than the 5 GB of the plan,"
                + " which are for the app too.")
        #expect(try forecast(3_000_000_000, first: 1, today: "12", plan: nil).finding == nil)
    }

    @Test func `counts what belongs to one plan, and nothing that stays on the machine`() throws {
        #expect(try forecast(7, first: 1, today: "01").bytes == 7)
        let supabase = try ConnectionSettings("postgresql://postgres:x@db.abcdefghijklmnopqrst.supabase.co/postgres")
        #expect(supabase.egressSource == "abcdefghijklmnopqrst")
        #expect(try ConnectionSettings("postgresql://u@db.example.com/d").egressSource == "db.example.com")
        #expect(try ConnectionSettings("postgresql://u@127.0.0.1/d").egressSource == "local")
        #expect(try ConnectionSettings("host=/tmp dbname=d").egressSource == "local")
    }
}
