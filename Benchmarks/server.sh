# Sourced by the benchmarks: an embedded server of their own in a temporary folder, which goes when the program ends.
#
# It neither syncs nor logs what it can do without, so that filling it takes little time. Reading is not changed by that.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
program=${WHEELS_DB:-$root/.build/release/wheels-db}
[ -x "$program" ] || { echo "No $program: run make release first, or set WHEELS_DB." >&2; exit 1; }
command -v psql > /dev/null || { echo "psql is missing: apt-get install postgresql-client" >&2; exit 1; }

folder=$(mktemp -d "${TMPDIR:-/tmp}/wheels-bench.XXXXXX")
export HOME=$folder TMPDIR=$folder WHEELS_DB=$program
unset DATABASE_URL WHEELS_ENV WHEELS_REPOSITORY PGOPTIONS || true
cd "$folder"
finish_server() {
    "$program" local stop --quiet > /dev/null 2>&1 || true
    cd /
    rm -rf "$folder"
}
trap finish_server EXIT
trap 'exit 130' INT TERM

quiet() { "$program" "$@" --quiet > /dev/null; }
now() { date +%s.%N; }
since() { awk -v begin="$1" -v end="$(now)" 'BEGIN { printf "%.2f", end - begin }'; }
smaller() { awk -v a="$1" -v b="$2" 'BEGIN { print (b == "" || a < b) ? a : b }'; }
# Bytes of all files under a path.
bytes() { find "$@" -type f -printf '%s\n' | awk '{ sum += $1 } END { printf "%d", sum }'; }

# Starts the server; sets url, socket and port.
start_server() {
    quiet local start
    socket=$(sed -n 's/.*"socketDirectory" : "\(.*\)".*/\1/p' .wheels/local/cluster.json)
    port=$(sed -n 's/.*"port" : \([0-9]*\).*/\1/p' .wheels/local/cluster.json)
    for setting in "fsync = off" "synchronous_commit = off" "full_page_writes = off" "wal_level = minimal" "max_wal_senders = 0" \
        "max_wal_size = '8GB'" "shared_buffers = '512MB'" "maintenance_work_mem = '256MB'" "autovacuum = off"; do
        psql -Xq -h "$socket" -p "$port" -U supabase_admin postgres -c "alter system set $setting"
    done
    quiet local stop
    quiet local start
    url=$("$program" local url)
}
