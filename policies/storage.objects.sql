-- Files.   (the first folder of a path is the owner's id; the owner reads, uploads, replaces and deletes)
--
-- The buckets profile-images, avatars and trip-images are public: their files are read by address, which no policy
-- stops.
-- A policy that let everybody SELECT here would let everybody list them. One policy for all commands gives an upload
-- with upsert the INSERT, SELECT and UPDATE that it needs. Row level security and grants of this table are the
-- platform's; what is written here is checked and never changed.
alter table storage.objects enable row level security;

create policy "objects: own folder" on storage.objects
  for all to authenticated
  using (
    bucket_id in (
      'profile-images', 'avatars', 'trip-images', 'receipts', 'medical-documents', 'user-knowledge', 'qa-screenshots'
    )
    and (storage.foldername(name))[1] = (select auth.uid())::text
  )
  with check (
    bucket_id in (
      'profile-images', 'avatars', 'trip-images', 'receipts', 'medical-documents', 'user-knowledge', 'qa-screenshots'
    )
    and (storage.foldername(name))[1] = (select auth.uid())::text
  );

grant select, insert, update, delete on storage.objects to authenticated;
grant select, insert, update, delete on storage.objects to service_role;
