import SQLText
import Testing

@Suite struct `The kind of a statement` {
    @Test(arguments: [
        ("create index concurrently i on t (a)", "CREATE INDEX CONCURRENTLY"),
        ("create unique index concurrently if not exists i on t (a)", "CREATE INDEX CONCURRENTLY"),
        ("drop index concurrently i", "DROP INDEX CONCURRENTLY"),
        ("reindex table concurrently t", "REINDEX CONCURRENTLY"),
        ("reindex (concurrently) index i", "REINDEX CONCURRENTLY"), ("reindex schema public", "REINDEX SCHEMA"),
        ("reindex database d", "REINDEX DATABASE"), ("vacuum t", "VACUUM"), ("vacuum (analyze) t", "VACUUM"),
        ("cluster", "CLUSTER"), ("create database d", "CREATE DATABASE"), ("drop database d", "DROP DATABASE"),
        ("alter database d set tablespace x", "ALTER DATABASE SET TABLESPACE"),
        ("create tablespace x location '/x'", "CREATE TABLESPACE"), ("drop tablespace x", "DROP TABLESPACE"),
        ("alter system set work_mem = '1MB'", "ALTER SYSTEM"), ("discard all", "DISCARD ALL"),
        ("create subscription s connection 'x' publication p", "CREATE SUBSCRIPTION"),
        ("alter table t detach partition p concurrently", "ALTER TABLE DETACH PARTITION CONCURRENTLY"),
    ])
    func `says which statements cannot run in a transaction`(_ sql: String, _ command: String) throws {
        #expect(try StatementSplitter.split("-- why\n\(sql);").map(\.kind) == [.outsideTransaction(command: command)])
    }

    @Test(arguments: [
        "create index i on t (a)", "create index concurrently_not on t (a)", "drop index i", "reindex table t",
        "reindex (concurrently false) table t", "analyze t", "cluster t using i", "discard plans",
        "alter database d set work_mem = '1MB'", "alter database d with connection limit 3",
        "alter type mood add value 'ok'", "refresh materialized view concurrently m",
        "create subscription s connection 'x' publication p with (create_slot = false)",
        "create subscription s connection 'x' publication p with (connect = off)",
        "alter table t detach partition p", "comment on table t is 'create index concurrently'",
        "create function f() returns int language sql as 'select 1'", "create temporary table t (a int)",
        "create materialized view m as select 1", "do $$ begin perform 1; end $$",
    ])
    func `lets every other statement run in a transaction`(_ sql: String) throws {
        let kind = try #require(try StatementSplitter.split(sql).first?.kind)
        guard case .other = kind else {
            Issue.record("\(sql) is \(kind)")
            return
        }
    }

    @Test(arguments: [
        ("begin", "BEGIN"), ("start transaction", "START"), ("commit", "COMMIT"), ("end", "COMMIT"),
        ("rollback", "ROLLBACK"), ("abort", "ROLLBACK"), ("savepoint a", "SAVEPOINT"),
        ("rollback to a", "ROLLBACK TO"), ("release a", "RELEASE"), ("prepare transaction 'x'", "PREPARE"),
        ("commit prepared 'x'", "COMMIT PREPARED"),
    ])
    func `names transaction control`(_ sql: String, _ command: String) throws {
        #expect(try StatementSplitter.split(sql).map(\.kind) == [.transactionControl(command: command)])
    }

    @Test(arguments: [
        ("set search_path = a, b", SettingChange(name: "search_path")),
        ("SET LOCAL lock_timeout = '2s'", SettingChange(name: "lock_timeout", isLocal: true)),
        ("set role postgres", SettingChange(name: "role")), ("set time zone 'UTC'", SettingChange(name: "timezone")),
        ("reset role", SettingChange(name: "role", isReset: true)),
        ("reset all", SettingChange(name: nil, isReset: true)),
        ("set work_mem to default", SettingChange(name: "work_mem", isReset: true)),
        ("SELECT pg_catalog.set_config('search_path', '', false)", SettingChange(name: "search_path")),
        ("select set_config('a.b', 'x', true)", SettingChange(name: "a.b", isLocal: true)),
    ])
    func `names the setting that a statement changes`(_ sql: String, _ change: SettingChange) throws {
        #expect(try StatementSplitter.split(sql).map(\.kind) == [.setting(change)])
    }

    @Test(arguments: [
        ("select 1", StatementKind.data), ("(select 1) union select 2", .data), ("with a as (select 1) table a", .data),
        ("select set_config('a', b, false) from t", .data), ("insert into t values ('set_config')", .data),
        ("copy t from stdin", .copyFromClient), ("copy t (a) from stdin with (format binary)", .copyFromClient),
        ("copy t to stdout", .copyToClient), ("copy t from '/tmp/x'", .other(node: "CopyStmt")),
        ("create table trips (a int)", .createTable(schema: nil, name: "trips")),
        ("create unlogged table \"Public\".\"T\" (a int)", .createTable(schema: "Public", name: "T")),
        ("create table a.b as select 1", .createTable(schema: "a", name: "b")),
        ("create policy p on t using (true)", .other(node: "CreatePolicyStmt")),
    ])
    func `tells the rest apart`(_ sql: String, _ kind: StatementKind) throws {
        #expect(try StatementSplitter.split(sql).map(\.kind) == [kind])
    }
}
