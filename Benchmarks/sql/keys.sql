-- Keys, indexes and foreign keys; then what a server that has run for a while has: statistics, and rows known as visible.
\if :first
alter table public.profiles add primary key (id);
alter table public.trips add primary key (id);
create index trips_owner_idx on public.trips (owner, status);
alter table public.expenses add primary key (id);
create index expenses_person_idx on public.expenses (person, spent_on);
create index expenses_trip_idx on public.expenses (trip);
alter table public.locations add primary key (id);
create index locations_trip_idx on public.locations (trip, recorded_at);
alter table public.expenses add foreign key (person) references public.profiles on delete cascade;
alter table public.expenses add foreign key (trip) references public.trips on delete set null;
alter table public.trips add foreign key (owner) references public.profiles on delete cascade;
alter table public.locations add foreign key (trip) references public.trips on delete cascade;
\else
alter table public.messages add primary key (id);
create index messages_conversation_idx on public.messages (conversation, created_at);
alter table public.events add primary key (id);
create index events_person_idx on public.events (person, created_at);
alter table public.audit_log add primary key (id);
create index audit_log_at_idx on public.audit_log (at);
alter table public.posts add primary key (id);
create index posts_author_idx on public.posts (author);
\endif
