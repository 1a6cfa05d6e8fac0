-- The audit: a chain of hashes that only grows. seq has no gap; hash is SHA-256 over the hash before it and the canonical
-- form of the entry (docs/adr/0030-audit-chain.md). It refers to nothing, so that it outlives what it tells of.

create table audit_entry (
    seq          bigint primary key,
    id           text        not null unique,
    at           timestamptz not null,
    request_id   text,
    tenant       text,
    subject_kind text,
    subject_id   text,
    subject_name text,
    credential   text,
    source       text,
    user_agent   text,
    action       text        not null,
    object_type  text,
    object_id    text,
    object_name  text,
    outcome      text        not null,
    status       integer,
    code         text,
    details      text        not null,
    hash         bytea       not null
);

create index audit_entry_at on audit_entry (at, seq);
create index audit_entry_tenant on audit_entry (tenant, seq);
create index audit_entry_action on audit_entry (action, seq);
create index audit_entry_subject on audit_entry (subject_id, seq);
create index audit_entry_subject_name on audit_entry (subject_name, seq);
create index audit_entry_object on audit_entry (object_id, seq);
create index audit_entry_object_name on audit_entry (object_name, seq);
create index audit_entry_outcome on audit_entry (outcome, seq) where outcome <> 'success';

-- Retention removes everything up to an entry, whose hash is kept here as the chain's new beginning.
create table audit_checkpoint (
    seq     bigint primary key,
    hash    bytea       not null,
    at      timestamptz not null,
    made_at timestamptz not null
);

create function audit_refuse() returns trigger language plpgsql as $$
begin
    raise exception 'the audit can only be added to: % on % is refused', tg_op, tg_table_name;
end $$;

create function audit_refuse_delete() returns trigger language plpgsql as $$
begin
    if old.seq <= (select max(seq) from audit_checkpoint) then
        return old;
    end if;
    raise exception 'audit entry % is not covered by a checkpoint: it cannot be deleted', old.seq;
end $$;

create function audit_check_checkpoint() returns trigger language plpgsql as $$
begin
    if not exists (select from audit_entry where seq = new.seq and hash = new.hash) then
        raise exception 'a checkpoint must be an entry of the chain; there is no entry % with that hash', new.seq;
    end if;
    return new;
end $$;

create trigger audit_entry_update before update on audit_entry for each row execute function audit_refuse();
create trigger audit_entry_delete before delete on audit_entry for each row execute function audit_refuse_delete();
create trigger audit_entry_truncate before truncate on audit_entry for each statement execute function audit_refuse();
create trigger audit_checkpoint_insert before insert on audit_checkpoint
    for each row execute function audit_check_checkpoint();
create trigger audit_checkpoint_change before update or delete on audit_checkpoint
    for each row execute function audit_refuse();
create trigger audit_checkpoint_truncate before truncate on audit_checkpoint
    for each statement execute function audit_refuse();
