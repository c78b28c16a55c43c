/// One number with its labels, as Prometheus counts it.
///
/// Where postgres_exporter has a name for a number, ``name`` is that name, so that its dashboards and alerts work.
public struct Metric: Sendable, Hashable {
    /// Its name, such as `pg_stat_activity_count`.
    public let name: String
    /// What it is, in one sentence.
    public let help: String
    /// Names and values of its labels, in order.
    public let labels: [Label]
    /// The number.
    public let value: Double

    /// A label of a number.
    public struct Label: Sendable, Hashable {
        /// The label's name.
        public let name: String
        /// Its value.
        public let value: String
    }

    /// A number.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - help: What it is.
    ///   - value: The number.
    ///   - labels: Its labels, in order.
    public init(_ name: String, _ help: String, _ value: Double, labels: KeyValuePairs<String, String> = [:]) {
        self.name = name
        self.help = help
        self.value = value
        self.labels = labels.map { Label(name: $0.key, value: $0.value) }
    }
}

/// Numbers in Prometheus' text form, version 0.0.4.
public enum PrometheusText: Sendable {
    /// The media type of the text.
    public static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

    /// The numbers of a report.
    ///
    /// - Parameter report: The report.
    /// - Returns: The text; numbers of one name stand together, after their help.
    public static func text(of report: HealthReport) -> String {
        var metrics = [
            Metric("wheels_db_healthy", "Whether every service is as it should be.", report.status == .healthy ? 1 : 0)
        ]
        for service in report.services {
            metrics.append(
                Metric(
                    "wheels_db_service_healthy", "Whether a service is as it should be.", service.isHealthy ? 1 : 0,
                    labels: ["service": service.name]))
            metrics.append(
                Metric(
                    "wheels_db_service_check_seconds", "How long it took to look at a service.",
                    service.duration / .seconds(1), labels: ["service": service.name]))
            metrics += service.metrics
        }
        metrics.append(
            Metric("wheels_db_info", "The version of wheels-db.", 1, labels: ["version": report.version]))
        return text(of: metrics)
    }

    static func text(of metrics: [Metric]) -> String {
        var names: [String] = []
        var groups: [String: [Metric]] = [:]
        for metric in metrics {
            if groups[metric.name] == nil { names.append(metric.name) }
            groups[metric.name, default: []].append(metric)
        }
        var text = ""
        for name in names {
            let group = groups[name] ?? []
            let help = (group.first?.help ?? "").replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
            text += "# HELP \(name) \(help)\n# TYPE \(name) gauge\n"
            for metric in group { text += line(of: metric) }
        }
        return text
    }

    private static func line(of metric: Metric) -> String {
        let labels = metric.labels.map { "\($0.name)=\"\(escaped($0.value))\"" }.joined(separator: ",")
        return "\(metric.name)\(labels.isEmpty ? "" : "{\(labels)}") \(number(metric.value))\n"
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }

    /// Whole numbers without a fraction; `NaN` and infinity as Prometheus spells them.
    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return value == value.rounded() && value.magnitude < 1e15 ? String(Int64(value)) : String(value)
    }
}
