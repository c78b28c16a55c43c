/// What the API roles may do in the demonstration's project: what the app needs, and no more.
///
/// Without it there would be nothing to lose: in a project made before 2026 anon may do everything to a new table, row
/// level security alone stands before the rows, and it does not stand before TRUNCATE.
enum LeastGrants {
    static let script = """
        revoke all on all tables in schema public from public, anon, authenticated, service_role;
        revoke all on all sequences in schema public from public, anon, authenticated, service_role;
        grant select, insert, update, delete on all tables in schema public to authenticated, service_role;
        grant usage on all sequences in schema public to authenticated, service_role;

        create policy "objects: own folder is read" on storage.objects for select to authenticated
          using ((storage.foldername(name))[1] = (select auth.uid())::text);
        create policy "objects: own folder is written" on storage.objects for insert to authenticated
          with check ((storage.foldername(name))[1] = (select auth.uid())::text);
        """
}
