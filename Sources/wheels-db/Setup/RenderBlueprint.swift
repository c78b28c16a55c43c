import Yams

/// What `render.yaml` says that matters here: the services that may open connections, and their variables' names.
///
/// No value is read. (The file's reference: https://render.com/docs/blueprint-spec.)
struct RenderBlueprint: Sendable, Equatable {
    /// One service.
    struct Service: Sendable, Equatable {
        let name: String
        var instances = 1
        /// The most that scaling may start.
        var maxInstances: Int?
        /// The names of the variables it is given.
        var variables: [String] = []
    }

    /// The services by their order; static sites and stores are none of them.
    var services: [Service] = []

    /// Reads a blueprint.
    ///
    /// - Parameter text: The file's text.
    /// - Throws: `YamlError` when it is no YAML.
    init(_ text: String) throws {
        guard let root = try Yams.compose(yaml: text)?.mapping, let list = root["services"]?.sequence else { return }
        services = list.compactMap { node in
            guard let service = node.mapping, let name = service["name"]?.string,
                let type = service["type"]?.string, ["web", "pserv", "worker", "cron"].contains(type),
                service["runtime"]?.string ?? service["env"]?.string != "static"
            else { return nil }
            var found = Service(name: name, instances: service["numInstances"]?.int ?? 1)
            if let scaling = service["scaling"]?.mapping {
                found.instances = scaling["minInstances"]?.int ?? found.instances
                found.maxInstances = scaling["maxInstances"]?.int
            }
            found.variables = (service["envVars"]?.sequence ?? []).compactMap { $0.mapping?["key"]?.string }
            return found
        }
    }
}
