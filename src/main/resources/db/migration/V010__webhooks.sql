-- Whom to tell of events, and how that went.

-- since: events up to this position are not for it. secret: sealed, see secrets.SecretBox.
create table webhook (
    id              text primary key,
    tenant          text        not null references tenant (name) on delete cascade,
    url             text        not null,
    types           jsonb       not null,
    description     text        not null,
    enabled         boolean     not null,
    disabled_reason text,
    secret          bytea       not null,
    since           bigint      not null,
    last_success_at timestamptz,
    created_at      timestamptz not null,
    version         bigint      not null default 0
);

create index webhook_tenant on webhook (tenant, id desc);

-- manual: asked for by somebody, so tried once, also while the webhook is disabled.
create table webhook_delivery (
    id              text primary key,
    seq             bigint generated always as identity,
    webhook         text        not null references webhook (id) on delete cascade,
    event_id        text        not null,
    event_type      text        not null,
    payload         text        not null,
    status          text        not null,
    manual          boolean     not null,
    attempts        integer     not null default 0,
    next_attempt_at timestamptz,
    response_code   integer,
    duration_ms     double precision,
    error           text,
    created_at      timestamptz not null,
    finished_at     timestamptz
);

create index webhook_delivery_due on webhook_delivery (webhook, next_attempt_at, seq) where status = 'PENDING';
create index webhook_delivery_log on webhook_delivery (webhook, id desc);
create index webhook_delivery_finished on webhook_delivery (finished_at) where finished_at is not null;

-- Up to where events have been turned into deliveries.
create table webhook_cursor (
    position bigint not null
);

insert into webhook_cursor (position) values (0);
