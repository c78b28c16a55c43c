import Glibc

/// One client of the server, from its first byte to the end of its answer.
final class ServerConnection {
    /// Where it stands.
    enum Phase {
        /// Its request is not whole yet.
        case asking
        /// Its request waits for a report.
        case waiting(HTTPRequest)
        /// Its answer is being sent.
        case answering
        /// All is sent; what the client still says is thrown away, so that it is not cut off while it reads.
        case closing
        /// Nothing is left to do.
        case done
    }

    /// The most bytes that are thrown away after an answer.
    private static let longestRest = 65_536

    private let descriptor: OwnedDescriptor
    private let options: ServerOptions
    private(set) var phase = Phase.asking
    /// When the phase ends by itself.
    private(set) var deadline: ContinuousClock.Instant
    private var received: [UInt8] = []
    /// When its request was whole.
    private var askedAt = ContinuousClock.now
    private var answer: ArraySlice<UInt8> = []
    private var thrownAway = 0

    init(_ descriptor: consuming OwnedDescriptor, options: ServerOptions) {
        self.descriptor = descriptor
        self.options = options
        deadline = .now + options.requestTime
    }

    /// What to wait for; `nil` when only for a report.
    var pollEntry: pollfd {
        let events: Int32 =
            switch phase {
            case .asking, .closing: POLLIN
            case .answering: POLLOUT
            case .waiting, .done: 0
            }
        return pollfd(fd: descriptor.number, events: Int16(events), revents: 0)
    }

    /// Whether the connection may be closed for a new one.
    var isIdle: Bool {
        switch phase {
        case .asking, .closing: true
        case .waiting, .answering, .done: false
        }
    }

    var isDone: Bool { if case .done = phase { true } else { false } }

    /// Goes on after `poll`.
    func proceed(_ events: Int16, mailbox: ServerMailbox, buffer: inout [UInt8]) {
        let isBroken = events & Int16(POLLERR | POLLNVAL) != 0
        // A client that hung up while its request waits for a report gets no answer.
        if isBroken || events & Int16(POLLHUP) != 0 {
            phase = .done
            return
        }
        switch phase {
        case .asking where events & Int16(POLLIN) != 0: readRequest(mailbox, &buffer)
        case .answering where events & Int16(POLLOUT) != 0: sendAnswer()
        case .closing where events & Int16(POLLIN) != 0: throwAway(&buffer)
        case .waiting(let request): answerIfPossible(request, mailbox)
        default: break
        }
    }

    /// Ends a phase whose time is up.
    func expire() {
        switch phase {
        case .waiting: reply(.plain(.unavailable))
        case .asking, .answering, .closing, .done: phase = .done
        }
    }

    /// Ends what need not be finished when the server stops.
    func stop() {
        switch phase {
        case .asking, .closing: phase = .done
        case .waiting: reply(.plain(.unavailable))
        case .answering, .done: break
        }
    }

    private func readRequest(_ mailbox: ServerMailbox, _ buffer: inout [UInt8]) {
        switch Sockets.read(descriptor.number, into: &buffer) {
        case .later: return
        case .ended: phase = .done
        case .bytes(let count):
            received += buffer.prefix(count)
            switch HTTPRequest.read(received) {
            case .incomplete: return
            case .refused(let status): reply(.plain(status))
            case .complete(let request):
                switch HealthPaths.answer(request) {
                case .now(let response): reply(response)
                case .needsReport:
                    phase = .waiting(request)
                    askedAt = .now
                    deadline = askedAt + options.reportTime
                    answerIfPossible(request, mailbox)
                }
            }
            received = []
        }
    }

    private func answerIfPossible(_ request: HTTPRequest, _ mailbox: ServerMailbox) {
        guard let report = mailbox.freshReport(options.cacheTime, asked: askedAt) else { return }
        reply(HealthPaths.answer(request, with: report))
    }

    private func reply(_ response: HTTPResponse) {
        answer = response.bytes[...]
        phase = .answering
        deadline = .now + options.answerTime
        sendAnswer()
    }

    private func sendAnswer() {
        switch Sockets.send(answer, to: descriptor.number) {
        case .later: return
        case .ended: phase = .done
        case .bytes(let count):
            answer = answer.dropFirst(count)
            guard answer.isEmpty else { return }
            Sockets.finishSending(descriptor.number)
            phase = .closing
            deadline = .now + .seconds(1)
        }
    }

    private func throwAway(_ buffer: inout [UInt8]) {
        switch Sockets.read(descriptor.number, into: &buffer) {
        case .later: return
        case .ended: phase = .done
        case .bytes(let count):
            thrownAway += count
            if thrownAway > Self.longestRest { phase = .done }
        }
    }
}
