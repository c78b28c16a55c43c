public import PostgresClient

extension AccessMatrix {
    /// Reads the matrix of a database, in one read-only transaction that writes nothing and executes nothing.
    ///
    /// Looked at are the relations of the API's schemas, and those of Supabase that carry the project's policies
    /// (`storage.objects`, `storage.buckets`, and `realtime.messages` where it has policies).
    ///
    /// - Parameters:
    ///   - session: A session outside a transaction, of a role that is a member of the API's roles.
    ///   - apiSchemas: The schemas that the data API exposes.
    /// - Returns: The matrix.
    /// - Throws: ``AccessReadingError`` when something could not be looked at; `PostgresError`.
    public static func read(in session: Session, apiSchemas: [String] = ["public"]) async throws -> AccessMatrix {
        try await session.withTransaction(.repeatableReadOnly) { session in
            try await read(inTransactionOf: session, apiSchemas: apiSchemas)
        }
    }

    /// Reads the matrix in the transaction that is open.
    static func read(inTransactionOf session: Session, apiSchemas: [String]) async throws -> AccessMatrix {
        let catalog = try await AccessCatalog.read(inTransactionOf: session, apiSchemas: apiSchemas)
        let relations = catalog.relations.filter { relation in
            apiSchemas.contains(relation.name.schema)
                || AccessCatalog.openManagedTables.contains(relation.name) && !relation.isPartition
                    && (relation.name.schema == "storage" || !catalog.policies(of: relation).isEmpty)
        }
        return try await MatrixReading(catalog: catalog, relations: relations).matrix(in: session)
    }
}

/// Puts a matrix together from grants, policies and plans.
struct MatrixReading {
    let catalog: AccessCatalog
    let relations: [AccessRelation]

    func matrix(in session: Session) async throws -> AccessMatrix {
        let probes = AccessRole.ofAPI.map { role in
            relations.map { relation in
                catalog.mayUse(relation.name.schema, role)
                    ? MatrixProbes(relation: relation, rights: catalog.rights(of: role, on: relation)).all : []
            }
        }
        let batches = zip(AccessRole.ofAPI, probes).map { role, groups in
            MatrixBlock.Batch(
                role: role, claims: RequestClaims.json(for: role), groups: groups.map { MatrixProbes.byCommand($0) })
        }
        var outcomes = try await MatrixBlock(batches: batches).outcomes(in: session)[...]
        var cells: [AccessMatrix.Place: AccessMatrix.Cell] = [:]
        var messages: [AccessMatrix.Place: String] = [:]
        for (role, groups) in zip(AccessRole.ofAPI, probes) {
            for (relation, asked) in zip(relations, groups) {
                let answers = Array(outcomes.prefix(asked.count))
                outcomes = outcomes.dropFirst(asked.count)
                guard answers.count == asked.count else {
                    throw AccessReadingError.notProbed(
                        relation.name.description, reason: "the server answered less than was asked")
                }
                let judge = MatrixJudge(
                    catalog: catalog, relation: relation, role: role, answers: Array(zip(asked, answers)))
                for command in AccessCommand.allCases {
                    let place = AccessMatrix.Place(relation: relation.name.description, role: role, command: command)
                    let (cell, message) = try judge.cell(command)
                    cells[place] = cell
                    messages[place] = message
                }
            }
        }
        return AccessMatrix(cells: cells, messages: messages)
    }
}
