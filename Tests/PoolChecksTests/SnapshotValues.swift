@testable import PoolChecks

/// Sessions and snapshots as values.
func session(
    _ pid: Int,
    role: String? = "app",
    application: String? = nil,
    state: String? = "idle",
    type: String? = "client backend",
    for seconds: Double = 0,
    blockedBy: [Int] = []
) -> ServerSession {
    var session = ServerSession(pid: pid)
    session.role = role
    session.application = application
    session.state = state
    session.backendType = type
    session.database = "postgres"
    session.stateAge = seconds
    session.blockedBy = blockedBy
    return session
}

func snapshot(_ sessions: [ServerSession]) -> ConnectionSnapshot {
    var snapshot = ConnectionSnapshot()
    snapshot.sessions = sessions
    return snapshot
}

func check(_ snapshot: ConnectionSnapshot?, _ change: (inout PoolCheck) -> Void = { _ in }) -> PoolCheck {
    var observation = PoolObservation()
    observation.snapshot = snapshot
    var check = PoolCheck(observation)
    change(&check)
    return check
}
