/// Passwords made by the system's random generator.
enum GeneratedPassword: Sendable {
    /// 24 letters and digits, about 140 bits; nothing in it needs escaping in a URL.
    static func make() -> String {
        let alphabet = Array("abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789")
        var generator = SystemRandomNumberGenerator()
        return String((0..<24).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] })
    }
}
