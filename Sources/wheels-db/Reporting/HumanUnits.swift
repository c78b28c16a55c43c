/// Numbers as people read them.
enum HumanUnits {
    /// Bytes in decimal units: `512 B`, `1.5 kB`, `12.3 MB`, `1.25 GB`.
    static func bytes(_ count: Int64) -> String {
        let units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"]
        var value = Double(count)
        var unit = 0
        while value.magnitude >= 999.95, unit < units.count - 1 {
            value /= 1_000
            unit += 1
        }
        return unit == 0 ? "\(count) B" : "\(fixed(value, digits: unit >= 3 ? 2 : 1)) \(units[unit])"
    }

    /// A count with thousands apart: `1,234,567`.
    static func count(_ number: Int64) -> String {
        let digits = Array(String(number.magnitude))
        var text = number < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return text
    }

    /// A number of things: `1 backup`, `1,234 backups`.
    static func counted(_ number: Int, _ thing: String) -> String {
        "\(count(Int64(number))) \(thing)\(number == 1 ? "" : "s")"
    }

    /// A time span as people set one: `7 days`, `12 hours`, else as ``duration(_:)`` says it.
    static func span(_ duration: Duration) -> String {
        let seconds = Int(duration.components.seconds)
        for (unit, length) in [("day", 86_400), ("hour", 3_600), ("minute", 60)] where seconds >= length {
            if seconds % length == 0 { return counted(seconds / length, unit) }
        }
        return self.duration(duration)
    }

    /// A time span: `85 ms`, `1.2 s`, `3 min 20 s`, `2 h 05 min`, `3 d 4 h`.
    static func duration(_ duration: Duration) -> String {
        let seconds = duration / .seconds(1)
        if seconds < 0.9995 { return "\(Int((seconds * 1_000).rounded())) ms" }
        if seconds < 59.95 { return "\(fixed(seconds, digits: 1)) s" }
        let whole = Int(seconds.rounded())
        if whole < 3_600 { return "\(whole / 60) min \(padded(whole % 60)) s" }
        if whole < 172_800 { return "\(whole / 3_600) h \(padded(whole % 3_600 / 60)) min" }
        return "\(whole / 86_400) d \(whole % 86_400 / 3_600) h"
    }

    /// A decimal number with a fixed number of digits after the point.
    static func fixed(_ value: Double, digits: Int) -> String {
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let scaled = Int64((value.magnitude * scale).rounded())
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard digits > 0 else { return "\(sign)\(scaled)" }
        let divisor = Int64(scale)
        let fraction = String(scaled % divisor)
        let zeros = String(repeating: "0", count: digits - fraction.count)
        return "\(sign)\(scaled / divisor).\(zeros)\(fraction)"
    }

    private static func padded(_ number: Int) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }
}
