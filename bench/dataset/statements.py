"""The SQL that makes the past, set by set: who paid whom and when, then the rows that the hot path would have written.

What those rows hold is `transactions/recording.py`'s to say; tests/bench compares the two.
"""

PARTIES = """
CREATE UNLOGGED TABLE bench_slot (rhythm smallint, number int, begins_at timestamptz);
CREATE UNLOGGED TABLE bench_origin (number int, identity uuid, details jsonb);
CREATE UNLOGGED TABLE bench_account (number int, identity uuid, name text, currency text, details jsonb);
CREATE UNLOGGED TABLE bench_payer (
    number int, email uuid, device uuid, customer uuid, card uuid, customer_id text, details jsonb);
CREATE UNLOGGED TABLE bench_address (number int, identity uuid, address text);
CREATE UNLOGGED TABLE bench_payout (origin int, account int, slot int, rhythm smallint, mean double precision);
CREATE UNLOGGED TABLE bench_payin (payer int, address int, slot int)
"""

PARTIES_DONE = """
ANALYZE bench_slot, bench_origin, bench_account, bench_payer, bench_address, bench_payout, bench_payin
"""

# `first` … the corporate's accounts: employees, then suppliers, of whom the first are paid most.
CORPORATE_PAYOUTS = """
INSERT INTO bench_payout
SELECT %(origin)s::int, account.number, floor(random() * %(slots)s::int)::int, %(rhythm)s::int,
       CASE WHEN account.number < %(first)s::int + %(employees)s::int THEN 9000 ELSE 60000 END
FROM (
    SELECT CASE WHEN random() < 0.7 THEN %(first)s::int + floor(random() * %(employees)s::int)::int
                ELSE %(first)s::int + %(employees)s::int
                     + floor(power(random(), 2) * %(suppliers)s::int)::int END AS number
    FROM generate_series(1, %(count)s::int)
) AS account
"""

MIDDLE_PAYOUTS = """
INSERT INTO bench_payout
SELECT %(first_origin)s::int + middle.number,
       %(first_account)s::int + middle.number * %(accounts)s::int + middle.account,
       floor(random() * %(slots)s::int)::int, %(rhythm)s::int, 25000
FROM (
    SELECT floor(random() * %(origins)s::int)::int AS number,
           floor(power(random(), 2) * %(accounts)s::int)::int AS account
    FROM generate_series(1, %(count)s::int)
) AS middle
"""

# Each of the small ones pays in turn, mostly one account of its own, now and then its neighbour's.
SMALL_PAYOUTS = """
INSERT INTO bench_payout
SELECT %(first_origin)s::int + turn %% %(origins)s::int,
       %(first_account)s::int + (turn + (random() < 0.2)::int) %% %(origins)s::int,
       floor(random() * %(slots)s::int)::int, %(rhythm)s::int, 4000
FROM generate_series(0, %(count)s::int - 1) AS turn
"""

PAYINS = """
INSERT INTO bench_payin
SELECT payer.number,
       CASE WHEN random() < %(carrier_share)s THEN floor(random() * %(carriers)s::int)::int
            ELSE %(carriers)s::int + payer.number / %(payers_per_address)s::int END,
       floor(random() * %(slots)s::int)::int
FROM (
    SELECT floor(power(random(), 1.5) * %(payers)s::int)::int AS number FROM generate_series(1, %(count)s::int)
) AS payer
"""

ORDERED_PAYOUTS = """
CREATE UNLOGGED TABLE bench_paid_out AS
SELECT uuidv7(drawn.at - clock_timestamp()) AS id, row_number() OVER (ORDER BY drawn.at) AS number, drawn.*
FROM (
    SELECT p.origin, p.account, s.begins_at + random() * interval '1 hour' AS at,
           greatest(100, round(100 * p.mean * exp(random_normal(0, 0.6))))::bigint AS amount_minor, random() AS luck
    FROM bench_payout p JOIN bench_slot s ON s.rhythm = p.rhythm AND s.number = p.slot
) AS drawn
ORDER BY drawn.at
"""

ORDERED_PAYINS = """
CREATE UNLOGGED TABLE bench_paid_in AS
SELECT uuidv7(drawn.at - clock_timestamp()) AS id, row_number() OVER (ORDER BY drawn.at) AS number, drawn.*
FROM (
    SELECT p.payer, p.address, s.begins_at + random() * interval '1 hour' AS at,
           greatest(100, round(100 * 900 * exp(random_normal(0, 0.8))))::bigint AS amount_minor, random() AS luck
    FROM bench_payin p JOIN bench_slot s ON s.rhythm = %(rhythm)s::int AND s.number = p.slot
) AS drawn
ORDER BY drawn.at
"""

ORDERED_DONE = "ANALYZE bench_paid_out, bench_paid_in"

_COLUMNS = """
    id, organization_id, environment, flow, source, amount_minor, currency, transaction_type, occurred_at, created_at,
    decision, risk_score, signals, session_id, order_id, payment_id, customer_id, api_key_id, is_advisory, is_simulated,
    details"""
_DECISION = """CASE WHEN p.luck < 0.97 THEN 'approve' WHEN p.luck < 0.99 THEN 'review'
         WHEN p.luck < 0.996 THEN 'challenge' ELSE 'decline' END,
    CASE WHEN p.luck < 0.97 THEN 0 ELSE 45 END,"""
_SESSION = "'ps_' || floor(extract(epoch FROM p.at) * 1000)::bigint || '_' || right(p.id::text, 9)"

PAYOUT_TRANSACTIONS = f"""
INSERT INTO transactions_transaction ({_COLUMNS})
SELECT p.id, %(organization_id)s::uuid, 'production', 'payout', 'assess', p.amount_minor, a.currency, 'transfer', p.at,
    p.at, {_DECISION}
    ARRAY[]::text[], {_SESSION}, NULL, 'pay-' || p.number, o.details ->> 'customer_id', %(api_key_id)s::uuid, false,
    false,
    o.details || a.details || jsonb_build_object(
        'amount_minor', p.amount_minor, 'currency', a.currency, 'payment_id', 'pay-' || p.number)
FROM bench_paid_out p
JOIN bench_origin o ON o.number = p.origin
JOIN bench_account a ON a.number = p.account
ORDER BY p.number
"""  # noqa: S608  only constants are joined

PAYIN_TRANSACTIONS = f"""
INSERT INTO transactions_transaction ({_COLUMNS})
SELECT p.id, %(organization_id)s::uuid, 'production', 'payin', 'assess', p.amount_minor, 'MXN', 'payment', p.at,
    p.at, {_DECISION}
    ARRAY[]::text[], {_SESSION}, 'order-' || p.number, 'charge-' || p.number, y.customer_id, %(api_key_id)s::uuid,
    false, false,
    jsonb_set(y.details, '{{device,ip}}', to_jsonb(i.address)) || jsonb_build_object(
        'amount_minor', p.amount_minor, 'order_id', 'order-' || p.number, 'payment_id', 'charge-' || p.number)
FROM bench_paid_in p
JOIN bench_payer y ON y.number = p.payer
JOIN bench_address i ON i.number = p.address
ORDER BY p.number
"""  # noqa: S608  only constants are joined

_EVENT_COLUMNS = """
    organization_id, environment, transaction_id, kind, identity, occurred_at, amount_minor, currency, counterparty,
    name, is_approved"""

PAYOUT_EVENTS = f"""
INSERT INTO transactions_identityevent ({_EVENT_COLUMNS})
SELECT %(organization_id)s::uuid, 'production', p.id, party.kind, party.identity, p.at, p.amount_minor, a.currency,
    party.counterparty, party.name, p.luck < 0.97
FROM bench_paid_out p
JOIN bench_origin o ON o.number = p.origin
JOIN bench_account a ON a.number = p.account
CROSS JOIN LATERAL (
    VALUES (%(account_kind)s::smallint, a.identity, o.identity, a.name),
           (%(origin_kind)s::smallint, o.identity, a.identity, NULL)
) AS party (kind, identity, counterparty, name)
ORDER BY p.number
"""  # noqa: S608  only constants are joined

PAYIN_EVENTS = f"""
INSERT INTO transactions_identityevent ({_EVENT_COLUMNS})
SELECT %(organization_id)s::uuid, 'production', p.id, party.kind, party.identity, p.at, p.amount_minor, 'MXN', NULL,
    NULL, p.luck < 0.97
FROM bench_paid_in p
JOIN bench_payer y ON y.number = p.payer
JOIN bench_address i ON i.number = p.address
CROSS JOIN LATERAL (
    VALUES (%(email_kind)s::smallint, y.email), (%(ip_kind)s::smallint, i.identity),
           (%(device_kind)s::smallint, y.device), (%(customer_kind)s::smallint, y.customer),
           (%(card_kind)s::smallint, y.card)
) AS party (kind, identity)
ORDER BY p.number
"""  # noqa: S608  only constants are joined

COPY_ENTRIES = """
COPY blocklists_blocklistentry (
    id, organization_id, environment, list_type, value, flow_scope, severity, reason, source, is_active, created_at,
    updated_at)
FROM STDIN
"""

CLEAR = """
DROP TABLE bench_slot, bench_origin, bench_account, bench_payer, bench_address, bench_payout, bench_payin,
    bench_paid_out, bench_paid_in
"""
