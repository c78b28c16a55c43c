import Testing

@testable import wheels_db

@Suite("What init reads and writes")
struct ProjectSetupTests {
    @Test func `reads schemas and refs of supabase's file, whatever stands around them`() {
        let file = SupabaseProjectFile(
            """
            # project_id = "commented"
            project_id = "local-name" # of the local stack
            [api]
            port = 54321
            schemas = ["public", 'api', # the second
              "graphql_public",
            ]
            [api.tls]
            schemas = ["not", "these"]
            [remotes.staging]
            project_id = "abcdefghijklmnopqrst"
            [remotes."production"]
            project_id = "tsrqponmlkjihgfedcba"
            [[list]]
            project_id = "neither"
            """)
        #expect(file.schemas == ["public", "api", "graphql_public"])
        #expect(file.remotes == ["staging": "abcdefghijklmnopqrst", "production": "tsrqponmlkjihgfedcba"])
        #expect(SupabaseProjectFile("") == SupabaseProjectFile("nonsense ["))
    }

    @Test func `reads services and names of variables of render's file, and no value`() throws {
        let blueprint = try RenderBlueprint(
            """
            services:
              - type: web
                name: backend
                runtime: python
                scaling: { minInstances: 1, maxInstances: 3 }
                envVars:
                  - { key: SECRET_KEY, generateValue: true }
                  - { key: APP_URL, value: "https://example.org" }
                  - { fromGroup: shared }
              - { type: worker, name: worker, numInstances: 2, envVars: [{ key: APP_URL, sync: false }] }
              - { type: web, name: site, runtime: static }
              - { type: redis, name: cache }
            """)
        #expect(blueprint.services.map(\.name) == ["backend", "worker"])
        #expect(blueprint.services[0].maxInstances == 3 && blueprint.services[1].instances == 2)
        #expect(blueprint.services[0].variables == ["SECRET_KEY", "APP_URL"])
        #expect(try RenderBlueprint("").services.isEmpty)
    }

    @Test func `every file that it writes can be read, and says what was known`() throws {
        let services = [
            RenderBlueprint.Service(name: "backend", maxInstances: 3, variables: ["SECRET_KEY", "APP_URL"]),
            RenderBlueprint.Service(name: "worker", instances: 2, variables: ["APP_URL"]),
        ]
        for isFull in [true, false] {
            let new = NewConfiguration(
                environments: [
                    .init(name: "staging", ref: isFull ? Project.stagingRef : nil),
                    .init(name: "production", ref: isFull ? Project.productionRef : nil, isProtected: true),
                ],
                schemas: ["public", "api"], services: isFull ? services : [],
                repository: isFull ? "s3://backups/app" : nil,
                recipients: isFull ? ["age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"] : [])
            let read = try ConfigurationReader.read(new.text, file: "wheels-db.yml")
            #expect(read.environments["production"]?.isProtected == true)
            #expect(read.environments["production"]?.urlFrom == "PRODUCTION_DATABASE_URL")
            #expect(read.environments["staging"]?.ref == (isFull ? Project.stagingRef : nil))
            #expect(read.apiSchemas == ["public", "api"])
            #expect(read.repository == (isFull ? "s3://backups/app" : nil))
            #expect(read.services["backend"]?.maxInstances == (isFull ? 3 : nil))
            #expect(read.requiredVariables["SECRET_KEY"]?.first?.services == (isFull ? ["backend"] : nil))
            #expect(read.requiredVariables["APP_URL"]?.first?.services == (isFull ? [] : nil))
        }
    }
}
