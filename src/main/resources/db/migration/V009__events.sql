-- What happened, for clients that follow it. A change writes its events into event_outbox, in its own transaction. A sequencer
-- moves what is committed into event, whose position therefore grows in the order in which it can be read.

-- held: not to be told before the change is known to have worked.
create table event_outbox (
    seq    bigint generated always as identity primary key,
    id     text        not null,
    tenant text        not null,
    type   text        not null,
    object text        not null,
    at     timestamptz not null,
    data   json        not null,
    held   boolean     not null default false
);

create index event_outbox_held on event_outbox (object) where held;

create sequence event_position;

create table event (
    position bigint primary key,
    id       text        not null,
    tenant   text        not null,
    type     text        not null,
    object   text        not null,
    at       timestamptz not null,
    data     json        not null
);

create index event_tenant on event (tenant, position);
create index event_at on event using brin (at);

-- The last position of each tenant that is no longer kept.
create table event_horizon (
    tenant   text primary key,
    position bigint not null
);
