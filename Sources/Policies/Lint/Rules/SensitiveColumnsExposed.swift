/// `0023_sensitive_columns_exposed`: secrets in a table whose rows everybody gets.
enum SensitiveColumnsExposed: PolicyRule {
    static let info = LintRuleInfo(
        "sensitive_columns_exposed", number: "0023", "Sensitive Columns Exposed", .error,
        summary: "A table without row level security that the API shows has columns named like secrets.",
        reason: "A column called `password`, `api_key` or `iban` says that these rows are nobody else's business.",
        bad: "create table public.accounts (id bigint primary key, iban text);",
        good: """
            create table public.accounts (id bigint primary key, iban text);
            alter table public.accounts enable row level security;
            """
    )

    static func findings(in context: LintContext) -> [LintFinding] {
        context.ours.compactMap { table in
            guard table.kind.hasRowSecurity, !table.isRowSecurityOn, !context.roles(reaching: table).isEmpty else {
                return nil
            }
            let columns = table.columns.map(\.name).filter { names.contains($0.lowercased().replacing("-", with: "_")) }
            guard !columns.isEmpty else { return nil }
            return LintFinding(
                rule: info,
                object: table.name.description,
                detail:
                    "\(table.name) has no row level security, and its columns \(columns.sorted().joined(separator: ", "))"
                    + " are named like secrets.",
                reach: context.reach(of: table),
                advice: "Turn row level security on.",
                sql: [table.enableRowSecurity],
                metadata: context.metadata(table).merging(["sensitive_columns": .list(columns.sorted())]) { $1 }
            )
        }
    }

    /// The names the advisor knows.
    private static let names: Set<String> = Set(
        """
        password passwd pwd passphrase secret secret_key private_key api_key apikey auth_key token jwt access_token \
        refresh_token oauth_token session_token bearer_token auth_code session_id session_key session_secret \
        recovery_code backup_code verification_code otp two_factor 2fa_secret 2fa_code ssn social_security \
        social_security_number driver_license drivers_license license_number passport_number passport_id national_id \
        tax_id credit_card card_number cvv cvc cvn bank_account account_number routing_number iban swift_code bic \
        health_record medical_record patient_id insurance_number health_insurance medical_insurance treatment \
        mac_address macaddr imei device_uuid pgp_key gpg_key ssh_key certificate license_key activation_key \
        facial_recognition
        """.split(separator: " ").map(String.init))
}
