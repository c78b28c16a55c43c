/// The session settings under which values have one text form, wherever they are written or read.
public enum PinnedSettings: Sendable {
    /// `SET LOCAL` statements for the begin of a transaction.
    ///
    /// They take no snapshot, so a lock can still come before it. `row_security = off` turns a policy that would hide
    /// rows into an error.
    public static let script = """
        set local search_path = '';
        set local row_security = off;
        set local client_encoding = 'UTF8';
        set local datestyle = 'ISO, YMD';
        set local intervalstyle = 'postgres';
        set local timezone = 'UTC';
        set local extra_float_digits = 3;
        set local bytea_output = 'hex';
        set local lc_monetary = 'C';
        set local xmloption = 'content';
        set local standard_conforming_strings = on;
        set local synchronize_seqscans = off;
        set local statement_timeout = 0;
        set local lock_timeout = 0;
        set local idle_in_transaction_session_timeout = 0;
        set local jit = off
        """
}
