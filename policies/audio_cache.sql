-- Spoken answers.   (service role only: what a key stands for may be somebody's question)
alter table public.audio_cache enable row level security;

grant select, insert, update, delete on public.audio_cache to service_role;
