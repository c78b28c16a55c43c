import Diagnostics

extension JobRun {
    /// Removes expired rows of five tables.
    mutating func cleanUpExpired() async throws {
        for change in ExpiredRows.cleanup { try await apply(change) }
    }

    /// Ends trials.
    mutating func expireTrials() async throws {
        try await apply(EndedTrials.change)
    }

    /// Removes old analytics; events of days that are not counted yet stay, and are named.
    mutating func purgeAnalytics() async throws {
        for change in ExpiredRows.analytics { try await apply(change) }
        let now = now
        let uncounted = try await reading { session in
            try await Self.number(ExpiredRows.uncountedEvents.count(now: now), in: session)
        }
        guard uncounted > 0 else { return }
        report.findings.append(
            Finding(
                code: "maintenance.uncounted-events", severity: .warning, subject: "public.usage_events",
                message: "\(uncounted) rows of public.usage_events are older than 90 days and stay:"
                    + " their days are not in daily_usage_stats yet.",
                remedy: Remedy("Count them first:", command: "wheels-db maintain rollup_daily_usage")))
    }
}
