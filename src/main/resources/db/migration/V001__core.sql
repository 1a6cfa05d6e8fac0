-- Tenants, tokens, containers, operations, idempotency keys.

create table tenant (
    name         text primary key,
    display_name text        not null,
    suspended    boolean     not null default false,
    created_at   timestamptz not null default now()
);

insert into tenant (name, display_name) values ('default', 'Default');

-- A token is known by its SHA-256 only. A token without a tenant is a platform administrator's.
create table api_token (
    id           text primary key,
    hash         bytea       not null unique,
    name         text        not null,
    tenant       text references tenant (name),
    scopes       text        not null default '',
    created_at   timestamptz not null default now(),
    expires_at   timestamptz,
    last_used_at timestamptz,
    revoked_at   timestamptz
);

-- desired is what the client asked for, state what was last seen on the host. launch is the process merged from the
-- image and the spec when the container was made, so that a moved tag cannot change it.
create table container (
    id            text primary key,
    tenant        text        not null references tenant (name),
    name          text        not null,
    image         text        not null,
    image_digest  text        not null,
    desired       text        not null,
    state         text        not null,
    spec          jsonb       not null,
    launch        jsonb       not null,
    labels        jsonb       not null,
    exit_code     integer,
    oom_killed    boolean     not null default false,
    ip_address    text,
    restart_count integer     not null default 0,
    created_at    timestamptz not null,
    started_at    timestamptz,
    finished_at   timestamptz,
    expires_at    timestamptz,
    timings       jsonb       not null,
    failure       text,
    version       bigint      not null default 0,
    unique (tenant, name)
);

create index container_tenant_id on container (tenant, id desc);
create index container_labels on container using gin (labels jsonb_path_ops);
create index container_expires on container (expires_at) where expires_at is not null;
create index container_image on container (tenant, image_digest);

create table operation (
    id          text primary key,
    tenant      text        not null references tenant (name),
    kind        text        not null,
    target      text,
    status      text        not null,
    message     text,
    done        bigint      not null default 0,
    total       bigint      not null default -1,
    result      text,
    problem     jsonb,
    created_at  timestamptz not null,
    finished_at timestamptz
);

create index operation_finished on operation (finished_at);

-- status is null while the first request runs.
create table idempotency_key (
    tenant       text        not null,
    key          text        not null,
    request_hash bytea       not null,
    status       integer,
    headers      jsonb,
    body         bytea,
    created_at   timestamptz not null,
    primary key (tenant, key)
);

create index idempotency_key_created on idempotency_key (created_at);
