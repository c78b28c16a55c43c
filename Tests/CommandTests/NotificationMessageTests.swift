import Foundation
import HTTPClient
import Testing

@testable import wheels_db

@Suite struct NotificationMessageTests {
    private func event(_ kind: NotificationSettings.Event) -> RunEvent {
        var event = RunEvent(
            command: "backup create", kind: kind, environment: "production", host: "backup-1", repository: "s3://b/app")
        guard kind != .start else { return event }
        event.exit = kind == .success ? .ok : kind == .findings ? .findings : .unreachable
        event.duration = .seconds(90)
        if kind == .failure { event.error = ("postgres.unreachable", "No answer.", "Start it.") }
        return event
    }

    private func message(
        _ kind: NotificationSettings.Event,
        _ shape: NotificationSettings.Shape,
        _ url: String
    ) throws -> (url: String, body: String) {
        let message = try NotificationMessage(event(kind), as: shape, to: url)
        #expect(message.request.method == "POST")
        return (message.request.url, String(decoding: message.body, as: UTF8.self))
    }

    @Test(arguments: [
        (NotificationSettings.Event.start, "https://hc.example/ping/id/start"),
        (.success, "https://hc.example/ping/id"),
        (.findings, "https://hc.example/ping/id/fail"),
        (.failure, "https://hc.example/ping/id/fail"),
    ])
    func `a ping has the state behind its path`(kind: NotificationSettings.Event, url: String) throws {
        #expect(try message(kind, .ping, "https://hc.example/ping/id").url == url)
        #expect(try message(kind, .ping, "https://hc.example/ping/id/?rid=1").url == url + "?rid=1")
    }

    @Test func `a monitor of Sentry has the state in its query`() throws {
        let url = "https://sentry.example/api/1/cron/nightly/key/"
        #expect(try message(.start, .sentry, url).url == url + "?status=in_progress")
        #expect(try message(.success, .sentry, url).url == url + "?status=ok")
        #expect(try message(.failure, .sentry, url + "?environment=x").url == url + "?environment=x&status=error")
    }

    @Test func `people read what failed, and what to do`() throws {
        let text = try message(.failure, .slack, "https://hooks.example/x").body
        #expect(
            text
                == #"{"text":"wheels-db backup create (production) FAILED on backup-1 after 1 min 30 s, exit 14:"#
                + #" database or store unreachable.\nNo answer.\nStart it.\nRepository: s3://b/app\n"#
                + #"What the run needs, looked at on that machine: wheels-db doctor"}"#)
        #expect(
            event(.findings).text.split(separator: "\n") == [
                "wheels-db backup create (production) has findings on backup-1 after 1 min 30 s, exit 2: done, and there"
                    + " are findings.",
                "Repository: s3://b/app",
            ])
        #expect(event(.success).text == "wheels-db backup create (production) is done after 1 min 30 s.")
        #expect(event(.start).text == "wheels-db backup create (production) has begun.")
    }

    @Test func `a web hook has a document with stable keys`() throws {
        let body = try message(.failure, .webhook, "https://hooks.example/x").body
        let document = try #require(try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any])
        #expect(document["schema"] as? String == "wheels-db/notification/v1")
        #expect(document["event"] as? String == "failure" && document["command"] as? String == "backup create")
        #expect(document["exit"] as? Int == 14 && document["seconds"] as? Double == 90)
        #expect(document["code"] as? String == "postgres.unreachable" && document["summary"] as? String == "No answer.")
        #expect(document["remedy"] as? String == "Start it." && document["environment"] as? String == "production")
        #expect(document["host"] as? String == "backup-1" && document["repository"] as? String == "s3://b/app")
    }

    @Test func `a monitor watches the nightly backup and nothing else, unless told otherwise`() {
        var ping = NotificationSettings(receiver: .url(from: "A"), shape: .ping)
        #expect(ping.hears(.start, of: "backup create") && ping.hears(.success, of: "backup create"))
        #expect(!ping.hears(.success, of: "backup verify"))
        ping.commands = ["backup verify"]
        #expect(ping.hears(.success, of: "backup verify") && !ping.hears(.success, of: "backup create"))
        var hook = NotificationSettings(receiver: .url(from: "B"))
        #expect(hook.hears(.failure, of: "backup check") && hook.hears(.findings, of: "backup check"))
        #expect(!hook.hears(.success, of: "backup check") && !hook.hears(.start, of: "backup check"))
        hook.events = [.findings]
        #expect(hook.hears(.findings, of: "backup check") && !hook.hears(.failure, of: "backup check"))
    }
}
