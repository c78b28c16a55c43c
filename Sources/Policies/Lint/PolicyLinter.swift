/// Runs the rules over one reading of the catalog.
///
/// ```swift
/// let catalog = try await AccessCatalog.read(in: session, apiSchemas: ["public"])
/// let report = PolicyLinter.lint(catalog, exceptions: try LintExceptions.read("policies/lint-exceptions.txt"))
/// ```
public enum PolicyLinter: Sendable {
    /// Every rule: the advisor's by number, then ours.
    public static let rules: [any PolicyRule.Type] = [
        AuthUsersExposed.self, AuthRLSInitPlan.self, MultiplePermissivePolicies.self, PolicyExistsRLSDisabled.self,
        RLSEnabledNoPolicy.self, SecurityDefinerView.self, FunctionSearchPathMutable.self, RLSDisabledInPublic.self,
        ExtensionInPublic.self, RLSReferencesUserMetadata.self, MaterializedViewInAPI.self, ForeignTableInAPI.self,
        SensitiveColumnsExposed.self, RLSPolicyAlwaysTrue.self, AnonDefinerFunction.self,
        AuthenticatedDefinerFunction.self,
        PolicyRecursion.self, PolicyReadsAuthUsers.self, PolicyNeedsMissingGrant.self, UserEditableMetadata.self,
        PrivilegeColumnWritable.self, JWTRoleNotAPIRole.self, DefinerViewChain.self, APIRoleCanTruncate.self,
        PolicyWithoutRole.self, UpdateWithoutSelect.self, UnindexedPolicyColumn.self, ExpressionNotRead.self,
        ExceptionUnused.self,
    ]

    /// Lints a catalog.
    ///
    /// - Parameters:
    ///   - catalog: The reading.
    ///   - exceptions: What is accepted, with reasons.
    ///   - names: The rules to run; `nil` runs all.
    /// - Returns: The report.
    public static func lint(
        _ catalog: AccessCatalog,
        exceptions: LintExceptions = LintExceptions(),
        rules names: Set<String>? = nil
    ) -> LintReport {
        let context = LintContext(catalog)
        let chosen = rules.filter { names?.contains($0.info.name) ?? true }
        let all = chosen.flatMap { $0.findings(in: context) }
        var open: [LintFinding] = []
        var excepted: [LintReport.Excepted] = []
        var used: Set<Int> = []
        for finding in all {
            let matching = exceptions.entries.indices.filter { exceptions.entries[$0].covers(finding) }
            guard let first = matching.first else {
                open.append(finding)
                continue
            }
            used.formUnion(matching)
            excepted.append(.init(finding: finding, reason: exceptions.entries[first].reason))
        }
        let unused = exceptions.entries.indices.filter { index in
            !used.contains(index) && chosen.contains { $0.info.name == exceptions.entries[index].rule }
        }
        if names == nil {
            open += unused.map { ExceptionUnused.finding(exceptions.entries[$0], in: exceptions.path) }
        }
        return LintReport(findings: open, excepted: excepted, rules: chosen.map { $0.info })
    }
}
