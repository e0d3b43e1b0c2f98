-- Fills an empty database in believable proportions. For N sessions: N/20 people, N/100 mentors
-- with four mentees each, every pair 25 sessions, one each two weeks: of a year ago until next week.
-- Beside them, whatever N is, one mentor of many years: 40 pairs and 8 000 sessions.
-- Person i has the API token 'tut_bench_i', as far as they are asked for; the administrator is
-- person N/20, the mentor of many years the one after.

create temporary table asked as
select sessions, sessions / 20 as people, sessions / 100 as mentors, sessions / 25 as pairs,
    sessions / 20 + 1 as veteran
from (select current_setting('bench.sessions')::int as sessions) as given;

create function pg_temp.uuid7(at timestamptz, seed text) returns uuid language sql immutable as $$
    select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0')
        || '7' || substr(md5(seed), 1, 3) || '8' || substr(md5(seed), 4, 15))::uuid
$$;

insert into person (id, uid, email, name, name_folded, zone, locale, role, is_active, joined_at, password)
select i, pg_temp.uuid7(now() - interval '400 days', 'person' || i), 'person' || i || '@example.org',
    'Person Number ' || i, 'person number ' || i,
    (array['Pacific/Auckland', 'America/New_York', 'Europe/Berlin', 'Asia/Kolkata'])[1 + i % 4], 'en',
    case when i = people then 'admin' else 'user' end, true, now() - interval '400 days', '!'
from asked, generate_series(1, people + 41) as i;

-- Mentors are the first fifth of all people; the others are mentees, one pair each.
create temporary table pair as
select i as id, 1 + (i - 1) % mentors as mentor, mentors + i as mentee, false as is_old
from asked, generate_series(1, pairs - 1) as i
union all
select pairs + i, veteran, veteran + i, true from asked, generate_series(1, 40) as i;

insert into api_token (uid, user_id, name, prefix, sha256, scopes, created_at, last_used_at)
select pg_temp.uuid7(now(), 'token' || i), i, 'bench', 'tut_' || lpad(i::text, 8, '0'),
    encode(sha256(('tut_bench_' || i)::bytea), 'hex'), '{read,write}', now(), now()
from (
    select i from generate_series(1, 150) as i
    union select mentee from pair where mentor <= 50
    union select people from asked
    union select veteran from asked
) as caller (i);

insert into program (id, uid, kind, title, created_at)
select id, pg_temp.uuid7(now() - interval '370 days', 'program' || id), 'mentorship', '',
    now() - interval '370 days' from pair;
insert into mentorship (program_id, mentor_id, mentee_id, status, cadence_days, goals, started_at,
    status_since, version)
select id, mentor, mentee, 'active', 14, 'Goals of pair ' || id || '.', now() - interval '370 days',
    now() - interval '370 days', 1
from pair;

-- The mentors who ask have hours: nine a day, in their own zones, three sessions a day at most.
insert into booking_policy (person_id, zone, slot_minutes, step_minutes, buffer_before_minutes,
    buffer_after_minutes, min_notice_hours, horizon_days, daily_limit, cancellation_hours, outright,
    audience, note)
select id, zone, 60, 30, 0, 15, 12, 60, 3, 24, false, 'invited', '' from person where id <= 50;
insert into availability_rule (person_id, weekday, starts, ends)
select id, weekday, starts::time, ends::time from person, generate_series(0, 6) as weekday,
    (values ('09:00', '12:00'), ('13:00', '19:00')) as hours (starts, ends) where id <= 50;
insert into availability_override (person_id, day)
select id, current_date + 10 from person where id <= 50;

-- Hours are chosen so that no mentor has two sessions at once. Two of a hundred were never logged,
-- and of those to come every fourth still waits for an answer.
create temporary table planned as
select pg_temp.uuid7(at - interval '14 days', 'session' || pair || '.' || n) as id, place.*,
    case
        when is_last then case when pair % 4 = 0 then 'requested' else 'scheduled' end
        when (pair + n * 7) % 100 < 88 then 'completed'
        when (pair + n * 7) % 100 < 95 then 'cancelled'
        when (pair + n * 7) % 100 < 98 then 'no_show'
        else 'scheduled'
    end as status
from (
    select id as pair, mentor, mentee, n, n = 25 as is_last,
        date_trunc('hour', now()) + interval '5 days' + (n - 25) * interval '14 days'
            + ((id - 1) / mentors % 24) * interval '2 hours' + (id % 7) * interval '5 minutes' as at
    from pair, generate_series(1, 25) as n, asked where not is_old
    union all
    select id, mentor, mentee, n, n = 200,
        date_trunc('hour', now()) + interval '5 days'
            - ((200 - n) * 40 + id - pairs) * interval '3 hours' as at
    from pair, generate_series(1, 200) as n, asked where is_old
) as place;

insert into session (id, version, kind, status, title, program_id, host_id, starts_at, ends_at,
    local_start, zone, started_at, ended_at, created_at)
select id, 1, 'mentorship', status, '', pair, mentor, at, at + interval '1 hour',
    at at time zone 'UTC', 'UTC', case status when 'completed' then at end,
    case status when 'completed' then at + (45 + pair % 30) * interval '1 minute' end,
    at - interval '14 days'
from planned order by id;
insert into participant (session_id, user_id, role)
select id, person, role from planned,
    lateral (values (mentor, 'host'), (mentee, 'guest')) as side (person, role) order by id;
insert into personal_link (participant_id, version, sha256)
select id, 1, encode(sha256(id::text::bytea), 'hex') from participant;

-- "chapter" is in every log, "résumé" in one of twenty, each of 256 topics in as many of the rest.
insert into session_log (session_id, objectives, outcomes, logged_late, logged_by_id, logged_at, version)
select id, 'Look at the plan for the quarter.',
    'We went through the plan, agreed on the next chapter, and found what held the work up: topic'
    || substr(md5(pair || '.' || n), 1, 2) || ', number ' || n || ' of pair ' || pair || '.'
    || case when (pair + n) % 20 = 0 then ' Read the résumé.' else '' end,
    (pair + n) % 10 = 0, mentor, at + interval '75 minutes', 1
from planned where status = 'completed';
-- One step of twenty is still to be done.
insert into next_step (uid, session_id, program_id, text, position, done_at, done_by_id)
select pg_temp.uuid7(at, 'step' || pair || '.' || n), id, pair, 'Write the outline of part ' || n || '.', 0,
    case when (pair + n) % 20 > 0 then at + interval '5 days' end,
    case when (pair + n) % 20 > 0 then mentee end
from planned where status = 'completed' and (pair + n) % 2 = 0;
-- As `index_sessions` writes them: the words of the log, beginnings of them, and a mark for each who
-- takes part.
insert into session_search (session_id, starts_at, words)
select planned.id, at, array_to_tsvector(array['~' || mentor, '~' || mentee] || array(
    select left(word, length)
    from regexp_split_to_table(translate(lower(objectives || ' ' || outcomes
        || coalesce(' ' || text, '')), 'é', 'e'), '[^a-z0-9]+') as word,
        unnest(array[3, 5, 7, 64]) as length
    where word > '' and (length = 64 or length < length(word))))
from planned join session_log on session_log.session_id = planned.id
left join next_step on next_step.session_id = planned.id order by planned.id;
insert into session_ending (session_id, status, party, reason, late, by_id, at)
select id, status, case status when 'no_show' then 'participant' else '' end, 'Something came up.',
    n % 3 = 0, mentor, at - interval '1 day'
from planned where status in ('cancelled', 'no_show');
insert into evidence (session_id, participant_id, source, seen_from, recorded_at)
select p.id, participant.id, 'join', at, at
from planned as p join participant on session_id = p.id
where status = 'completed' and (pair + n) % 7 > 0;
insert into rating (uid, session_id, author_id, subject_id, stars, comment, given_at, unseals_at)
select pg_temp.uuid7(at, 'rating' || pair || '.' || n || role), id, author, subject,
    3 + (pair + n) % 3, '', at + interval '2 hours', at + interval '7 days'
from planned, lateral (values (mentor, mentee, 'a'), (mentee, mentor, 'b')) as side (author, subject, role)
where status = 'completed' and (pair + n) % 10 < case role when 'a' then 7 else 4 end;

insert into time_offer (uid, session_id, by_id, starts_at, ends_at, local_start, zone, note, state, made_at, expires_at)
select pg_temp.uuid7(now(), 'offer' || pair || '.' || n), id, mentee, at, at + interval '1 hour',
    at at time zone 'UTC', 'UTC', '', 'open', now(), now() + interval '4 days'
from planned where status = 'requested';
insert into reservation (session_id, offer_id, person_id, during, exclusive, expires_at)
select p.id, o.id, person, tstzrange(at, at + interval '1 hour'), true, o.expires_at
from planned as p left join time_offer as o on o.session_id = p.id,
    lateral (values (mentor), (mentee)) as side (person)
where is_last;

insert into journal_entry (at, type, actor_id, subject_type, subject_id, payload)
select planned.at - ago, 'session.' || type, actor, 'session', id, jsonb_build_object(
    'starts_at', planned.at, 'from_status', 'scheduled', 'late', false, 'logged_late', false)
from planned, lateral (values
    (interval '14 days', 'requested', mentee),
    (interval '13 days', 'scheduled', mentor),
    (interval '-1 hour', status, mentor)
) as told (ago, type, actor)
where status <> 'requested' or ago = interval '14 days';

-- They were asked about what was never logged, too: nothing waits for the worker.
insert into notice (uid, person_id, kind, session_id, slot_start, entry_id, channel, state, due_at, attempts, sent_at, trouble)
select pg_temp.uuid7(at, kind || pair || '.' || n || person), person, kind, id, at, 0,
    'email', 'sent', at - interval '1 hour', 1, at - interval '1 hour', ''
from planned, lateral (values (mentor), (mentee)) as side (person),
    lateral (values ('reminder_1h'), ('missed')) as told (kind)
where at < now() and (kind = 'reminder_1h' or status = 'scheduled');

-- All of it has been relayed, and nothing is news of a pair.
insert into reader_cursor (reader, xid, entry_id)
select reader, pg_current_xact_id(), last from unnest(array['relay', 'pairs']) as reader,
    (select max(id) from journal_entry) as journal (last)
on conflict (reader) do update set xid = excluded.xid, entry_id = excluded.entry_id;
select setval(pg_get_serial_sequence('person', 'id'), (select max(id) from person)),
    setval(pg_get_serial_sequence('program', 'id'), (select max(id) from program));
