-- What texts of the benchmark database are made of: units of one word or a few, each with the space before it, weighted as
-- words of a language are (the unit of rank r comes 1/(r + 3) times as often as the first). A drawn unit is one of 16,384
-- places, so that a draw is one subscript.
--
-- The frequent units are written out; the long tail (places, names, prices, distances, rare words) is made of syllables.

create table bench.units (rank int, unit text);

insert into bench.units (unit) select ' ' || u from unnest(string_to_array(
  'the|to|and|a|I|is|of|in|for|you|it|we|on|that|at|with|are|this|have|my|was|be|there|but|can|our|so|not|just|from|' ||
  'if|will|or|as|about|your|all|up|out|what|one|do|they|get|me|like|had|when|some|here|would|how|more|go|been|were|an|' ||
  'has|no|near|by|good|time|really|than|their|could|down|back|day|night|into|any|should|also|only|two|too|them|which|' ||
  'right|after|over|then|going|around|very|place|make|know|need|great|road|trip|last|see|before|because|next|where|' ||
  'little|campground|park|way|got|still|first|drive|miles|water|think|did|off|who|sure|much|much better|week|want|three|' ||
  'morning|even|thanks|people|campsite|now|well|take|lake|long|year|another|nice|route|gas|fuel|being|most|never|every|' ||
  'hour|hours|free|stop|days|find|site|same|RV|new|rig|weather|again|must|best|those|always|stay|looking for|might|' ||
  'quiet|other|tomorrow|today|tonight|mountain|river|budget|spent|price|cheap|cheaper|expensive|cost|costs|trailer|truck|' ||
  'tires|tank|propane|solar|battery|generator|hookups|full hookups|dump station|showers|parking|walk|hike|trail|view|views|' ||
  'sunset|kids|dog|dogs|family|friends|wife|husband|coffee|lunch|dinner|breakfast|groceries|store|town|city|highway|exit|' ||
  'north|south|east|west|bridge|closed|open|snow|rain|wind|windy|cold|hot|heat|warm|ice|fire|wood|tent|table|bring|left|' ||
  'leave|leaving|arrive|arrived|check|checked in|booked|booking|reservation|cancelled|refund|site number|map|signal|wifi|' ||
  'internet|phone|app|update|save|saved|plan|planned|planning|drove|driving|ride|stopped|stopping|fill up|filled|diesel|' ||
  'gallon|gallons|mpg|oil change|brakes|service|repair|repaired|broken|leak|leaking|noise|engine|light|lights|fridge|' ||
  'kitchen|bed|couch|awning|slide|window|windows|door|roof|ladder|hose|filter|sewer|tank is full|almost empty|half|whole|' ||
  'small|big|bigger|huge|easy|hard|steep|narrow|safe|beautiful|amazing|awesome|okay|fine|bad|worse|worst|tired|happy|sad|' ||
  'sorry|please|hello|hi|hey|yes|no problem|maybe|probably|of course|a lot|a bit|a few|a couple of|kind of|at least|' ||
  'on the way|on the way to|in the morning|in the evening|this weekend|last night|next week|next month|next to|close to|' ||
  'far from|end of|top of|side of|most of the|one of the|out of|lots of|plenty of|instead of|because of|as well|as long as|' ||
  'as soon as|so far|I think|I would|I am|I was|I have|we are|we were|we have|we had|it is|it was|that is|there is|there are|' ||
  'there was|you can|you should|can you|could you|do you|did you|does anyone|has anyone|is there|are there|how much|how many|' ||
  'how long|how far|what is|where is|when is|want to|need to|have to|going to|got to|used to|able to|had to|trying to|' ||
  'thinking about|worth it|worth the|for the night|for two nights|for three nights|a week ago|the other day|first time|' ||
  'each other|on our|in our|with our|for our|with the|in the|of the|to the|on the|at the|from the|for the|by the|and the|' ||
  'is the|was the|that the|to get|to be|to see|to go|to make|to find|will be|would be|should be|might be|has been|' ||
  'National Park|State Park|visitor center|Walmart|Costco|KOA|Flying J|Love''s|Harvest Host|boondocking|dispersed camping|' ||
  'Airstream|Winnebago|fifth wheel|class A|class C|camper van|towing|hitch|odometer|registration|insurance|subscription',
  '|')) u;

insert into bench.units (unit) select unnest(array[
  '.', ',', '. ', '!', '?', '...', '. I', '. We', '. The', '. It', '. There', '. You', ', and', ', but', ', so', ', then',
  '! Thanks', '? I', '? We', ' :)', ' 🙂', ' 🚐', ' 😂', E'\n', E'\n\n', ' (', ')', ' -', ' lol', ' btw', ' don''t', ' can''t',
  ' it''s', ' we''re', ' I''m', ' didn''t', ' won''t', ' isn''t', ' that''s', ' there''s', ' I''ve', ' we''ll', ' let''s']);

-- Punctuation and small words lead; the order within the list is the order of frequency.
update bench.units u set rank = n.rank from (
  select unit, ctid as place, row_number() over (order by
    case when unit in ('.', ',', '. I', '. We', ', and', ' I''m', ' it''s', '!') then 0 else 1 end, ctid) as rank
  from bench.units) n where n.place = u.ctid;

-- The tail.
insert into bench.units (rank, unit)
select 600 + row_number() over (order by hashint8extended(k, 7), k), unit from (
  select n as k, ' ' || initcap(a.s || b.s || case when n % 3 = 0 then c.s else '' end)
    || (array['', '', ' Lake', ' Creek', ' Springs', ' Canyon', ' Point', ' Falls', '', ' Pass', ' Beach', ' Ridge'])[1 + n % 12] as unit
  from generate_series(1, 1600) n,
    lateral (select (array['ba','cor','del','el','fa','gran','hol','ker','lo','mar','nor','or','pe','quin','ras','sal','ta','um','ver','wil'])[1 + abs(hashint8extended(n, 1)) % 20] as s) a,
    lateral (select (array['bar','cade','den','dosa','field','gan','ham','kin','ley','mont','na','nock','por','ra','rado','son','ton','tona','vale','wood'])[1 + abs(hashint8extended(n, 2)) % 20] as s) b,
    lateral (select (array['da','go','lin','mo','ria','sa','te','vo'])[1 + abs(hashint8extended(n, 3)) % 8] as s) c
  union all
  select 10000 + n, ' $' || (abs(hashint8extended(n, 4)) % 240) || '.' || (array['00','50','99','95','25','49','20','75'])[1 + n % 8]
  from generate_series(1, 400) n
  union all select 20000 + n, ' ' || n from generate_series(1, 250) n
  union all select 30000 + n, ' ' || n * 5 || (array[' miles', ' km', ' mi', ' ft', ' minutes'])[1 + n % 5] from generate_series(1, 200) n
  union all
  select 40000 + n, ' ' || a.s || b.s || c.s
  from generate_series(1, 1400) n,
    lateral (select (array['ab','ac','be','com','con','de','dis','en','ex','for','im','in','ob','out','per','pre','pro','re','sub','sur','trans','un'])[1 + abs(hashint8extended(n, 5)) % 22] as s) a,
    lateral (select (array['cid','dic','fin','form','ject','lec','mand','mit','pan','par','pel','plen','port','pos','press','quir','sist','spec','tain','ten','tract','ven','vis','vol'])[1 + abs(hashint8extended(n, 6)) % 24] as s) b,
    lateral (select (array['','able','al','ance','ed','ed','er','es','ing','ing','ion','ive','ly','ment','s'])[1 + abs(hashint8extended(n, 8)) % 15] as s) c
) t;

-- 16,384 places, shared out by weight; what is rarer than half a place gets one place in turn.
create table bench.places as
with weighted as (
  select rank, unit, 1.0 / (rank + 3) / sum(1.0 / (rank + 3)) over () * 16384 as share from bench.units
), summed as (
  select unit, rank, sum(share) over (order by rank, unit collate "C") as upto, share from weighted
)
select row_number() over (order by s.rank, s.unit collate "C", g) - 1 as place, s.unit
from summed s, lateral generate_series(1, (round(s.upto) - round(s.upto - s.share))::int) g;

create unique index on bench.places (place) include (unit);
analyze bench.places;

-- Places alone.
create table bench.sites as
select row_number() over (order by rank) - 1 as site, ltrim(unit) as name from bench.units where rank between 601 and 2200;
create unique index on bench.sites (site) include (name);
analyze bench.sites;

-- Texts by number: deterministic, and cheap enough for hundreds of megabytes.
create function bench.texts(first bigint, last bigint, salt int, shortest int, spread int)
returns table (n bigint, t text) language plpgsql as $$
declare
  u text[] := (select array_agg(p.unit order by p.place) from bench.places p);
  size int := cardinality(u);
  h bigint;
  draws int;
  topic text;
begin
  for i in first..last loop
    n := i;
    -- Texts that stand near each other are about the same thing.
    topic := u[1 + size / 2 + abs(hashint8extended(i / 12, salt)) % (size / 2)];
    h := hashint8extended(i, salt) & 9223372036854775807;
    -- Most are short, a few are long.
    draws := shortest + ((h % spread) * ((h >> 20) % spread) / spread)::int;
    t := u[1 + (h >> 40) % size];
    for k in 1..draws loop
      h := hashint8extended(i * 512 + k, salt) & 9223372036854775807;
      t := t || u[1 + (h & 16383)] || u[1 + ((h >> 14) & 16383)] || u[1 + ((h >> 28) & 16383)] || u[1 + ((h >> 42) & 16383)];
      if h >> 60 = 0 then t := t || topic; end if;
    end loop;
    t := ltrim(t, ' .,!?' || chr(10));
    return next;
  end loop;
end $$;
