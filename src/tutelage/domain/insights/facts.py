"""What sessions show of pairs, as SQL: computed, written down, and read either way.

What times are compared with comes from outside: the clock is ours.
"""

from typing import Final

READER: Final = "pairs"

# A few steps down an index for each pair, and none of its whole history. A request that was
# withdrawn is no cancellation.
_COMPUTED: Final = """
SELECT pair.program_id AS pair_id, held.at AS held_at, cancelled.at AS cancelled_at,
    open.until AS planned_until, open.first_end,
    coalesce(rated.is_falling, false) AS is_falling, rated.changes_at
FROM mentorship AS pair
LEFT JOIN LATERAL (
    SELECT starts_at AS at FROM session
    WHERE program_id = pair.program_id AND status = 'completed'
    ORDER BY starts_at DESC, id DESC LIMIT 1) AS held ON true
LEFT JOIN LATERAL (
    SELECT starts_at AS at FROM session
    WHERE program_id = pair.program_id AND status = 'no_show'
    ORDER BY starts_at DESC, id DESC LIMIT 1) AS missed ON true
LEFT JOIN LATERAL (
    SELECT starts_at AS at FROM session
    WHERE program_id = pair.program_id AND status = 'cancelled'
    AND starts_at > coalesce(greatest(held.at, missed.at), '-infinity')
    AND NOT EXISTS (
        SELECT FROM time_offer AS offer WHERE offer.session_id = session.id
        AND offer.state = 'withdrawn' AND offer.starts_at = session.starts_at)
    ORDER BY starts_at DESC, id DESC OFFSET 1 LIMIT 1) AS cancelled ON true
LEFT JOIN LATERAL (
    SELECT max(ends_at) AS until,
        min(ends_at) FILTER (WHERE status IN ('scheduled', 'live')) AS first_end
    FROM session WHERE program_id = pair.program_id
    AND status IN ('requested', 'scheduled', 'live', 'paused')) AS open ON true
LEFT JOIN LATERAL (
    SELECT stars[1] < stars[2] AND stars[2] < stars[3] AS is_falling, changes_at
    FROM (
        SELECT array_agg(each.stars ORDER BY each.at DESC, each.id DESC)
            FILTER (WHERE each.stars IS NOT NULL) AS stars, min(each.changes_at) AS changes_at
        FROM (
            SELECT latest.id, latest.at,
                avg(rating.stars) FILTER (
                    WHERE opened_at IS NOT NULL OR unseals_at <= %(now)s::timestamptz)
                    ::float8 AS stars,
                min(unseals_at) FILTER (
                    WHERE opened_at IS NULL AND unseals_at > %(now)s::timestamptz) AS changes_at
            FROM (
                SELECT id, starts_at AS at FROM session
                WHERE program_id = pair.program_id AND status = 'completed'
                ORDER BY starts_at DESC, id DESC LIMIT 4) AS latest
            JOIN rating ON rating.session_id = latest.id
            GROUP BY latest.id, latest.at) AS each) AS all_four) AS rated ON true
"""
_SEEN: Final = """
    extract(epoch FROM pair.status_since)::float8, extract(epoch FROM held_at)::float8,
    extract(epoch FROM planned_until)::float8,
    extract(epoch FROM CASE WHEN first_end <= %(over)s::timestamptz THEN first_end END)::float8,
    extract(epoch FROM cancelled_at)::float8, is_falling
"""
_AMONG: Final = "pair.program_id = ANY(%(pairs)s::bigint[]) AND pair.status = 'active'"

COMPUTE: Final = f"""
SELECT pair.program_id, {_SEEN}
FROM mentorship AS pair
JOIN ({_COMPUTED} WHERE {_AMONG}) AS facts ON facts.pair_id = pair.program_id
"""  # noqa: S608  # parts of this page

# What is new is told by the same statement, and so as of the same moment, as what is written
# down. The array is found first: so the server goes down the key of each session, however many
# it thinks there are.
RECALL: Final = f"""
WITH place AS MATERIALIZED (
    SELECT xid, entry_id FROM reader_cursor WHERE reader = '{READER}'
), news AS MATERIALIZED (
    SELECT subject_id FROM journal_entry
    WHERE (xid, id) > ((SELECT xid FROM place), (SELECT entry_id FROM place))
    AND subject_type = 'session' ORDER BY xid, id LIMIT %(news)s::bigint + 1
)
SELECT pair.program_id,
    facts.pair_id IS NOT NULL AND coalesce(changes_at > %(now)s::timestamptz, true)
    AND (SELECT count(*) FROM place) = 1 AND (SELECT count(*) FROM news) <= %(news)s::bigint
    AND pair.program_id NOT IN (
        SELECT program_id FROM session
        WHERE id = ANY(ARRAY(SELECT subject_id FROM news)) AND program_id IS NOT NULL),
    {_SEEN}
FROM mentorship AS pair LEFT JOIN pair_facts AS facts ON facts.pair_id = pair.program_id
WHERE {_AMONG}
"""  # noqa: S608  # parts of this page

# Anew for whom the sessions belong to, for whom a seal has opened, and for so many of whom nothing
# is written down yet.
WRITE: Final = f"""
INSERT INTO pair_facts
    (pair_id, held_at, cancelled_at, planned_until, first_end, is_falling, changes_at)
{_COMPUTED} WHERE pair.program_id IN (
    SELECT program_id FROM session WHERE id = ANY(%(sessions)s::uuid[])
    UNION SELECT pair_id FROM pair_facts WHERE changes_at <= %(now)s::timestamptz
    UNION (
        SELECT program_id FROM mentorship AS other WHERE status = 'active'
        AND NOT EXISTS (SELECT FROM pair_facts WHERE pair_id = other.program_id)
        LIMIT %(most)s::bigint))
ON CONFLICT (pair_id) DO UPDATE SET (
    held_at, cancelled_at, planned_until, first_end, is_falling, changes_at
) = (
    excluded.held_at, excluded.cancelled_at, excluded.planned_until, excluded.first_end,
    excluded.is_falling, excluded.changes_at)
"""  # noqa: S608  # parts of this page
