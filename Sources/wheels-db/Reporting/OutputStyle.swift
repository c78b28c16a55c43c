/// How much is printed, and in which form.
struct OutputStyle: Sendable, Equatable {
    var isJSON = false
    var isQuiet = false
    var isVerbose = false
    var usesColor = false
    /// Whether a line of standard error can be redrawn.
    var redrawsLine = false
    var width = 80

    /// The style that the options and the terminal ask for.
    ///
    /// Colours need a terminal, no `--no-color`, no `NO_COLOR` and a terminal that is not `dumb`.
    init(options: GlobalOptions, environment: ProcessEnvironment) {
        isJSON = options.json
        isQuiet = options.quiet
        isVerbose = options.verbose
        let isDumb = environment["TERM"] == "dumb"
        usesColor = environment.isErrorTerminal && !options.noColor && environment["NO_COLOR"] == nil && !isDumb
        redrawsLine = environment.isErrorTerminal && !isDumb
        width = environment.terminalWidth
    }

    init() {}
}

/// The few colours that messages use.
enum TextStyle: String, Sendable {
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"
    case cyan = "36"

    /// The text in this style, or as it is when colours are off.
    func applied(to text: String, _ usesColor: Bool) -> String {
        usesColor ? "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" : text
    }
}
