-- Buckets for files. A path begins with the owner's id; the policies on
-- storage.objects check that. Only what everybody may see is public: receipts
-- are private.

insert into storage.buckets (id, name, public, file_size_limit, allowed_mime_types)
values
  (
    'profile-images', 'profile-images', true, 10485760,
    '{image/jpeg,image/png,image/gif,image/webp}'
  ),
  (
    'avatars', 'avatars', true, 10485760,
    '{image/jpeg,image/png,image/gif,image/webp}'
  ),
  (
    'receipts', 'receipts', false, 5242880,
    '{image/jpeg,image/png,image/gif,image/webp,image/heic,image/heif}'
  ),
  (
    'medical-documents', 'medical-documents', false, 10485760,
    '{image/*,application/pdf,text/*,application/msword,application/vnd.openxmlformats-officedocument.wordprocessingml.document}'
  ),
  (
    'user-knowledge', 'user-knowledge', false, null,
    null
  ),
  (
    'qa-screenshots', 'qa-screenshots', false, 5242880,
    '{image/*}'
  ),
  (
    'trip-images', 'trip-images', true, 10485760,
    '{image/jpeg,image/png,image/gif,image/webp}'
  )
on conflict (id) do update set
  name = excluded.name,
  public = excluded.public,
  file_size_limit = excluded.file_size_limit,
  allowed_mime_types = excluded.allowed_mime_types;

-- migrate:down

-- Supabase refuses to delete buckets in SQL unless this is set. A bucket that
-- still holds files stays refused by its foreign key: empty it first.
select set_config('storage.allow_delete_query', 'true', true);
delete from storage.buckets
where id in (
  'profile-images',
  'avatars',
  'receipts',
  'medical-documents',
  'user-knowledge',
  'qa-screenshots',
  'trip-images'
);
