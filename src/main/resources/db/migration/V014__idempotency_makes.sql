-- The unique part of the id of what the request with the key makes, chosen before: so it is found when no answer was kept.
alter table idempotency_key add column makes text not null default '';
