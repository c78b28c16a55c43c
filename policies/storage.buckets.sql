-- Buckets.   (no policy: migrations make them, the storage service reads them)
--
-- Row level security and grants of this table are the platform's; what is written here is checked and never changed.
alter table storage.buckets enable row level security;

grant select, insert, update, delete on storage.buckets to service_role;
