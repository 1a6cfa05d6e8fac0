-- Quotas of tenants, and what containers charge them with.

-- Amounts by the name of the resource, in its own measure (thousandths of a core, bytes, seconds). What is absent is
-- unlimited; a tenant that never had a quota has no row. Admission locks the row.
create table tenant_quota (
    tenant     text        primary key references tenant (name) on delete cascade,
    limits     jsonb       not null,
    policies   jsonb       not null,
    version    bigint      not null,
    changed_at timestamptz not null
);

-- runs: whether the container charges what running ones do, also while it waits for a restart.
alter table container
    add column runs       boolean not null default false,
    add column milli_cpus bigint,
    add column memory     bigint,
    add column pids       bigint,
    add column io_read    bigint,
    add column io_write   bigint;

update container
set runs       = state in ('RUNNING', 'PAUSED')
              or (desired = 'RUNNING' and state in ('CREATING', 'CREATED', 'STOPPED', 'FAILED')),
    milli_cpus = ceil((spec -> 'resources' ->> 'cpus')::numeric * 1000),
    memory     = (spec -> 'resources' ->> 'memory')::bigint,
    pids       = (spec -> 'resources' ->> 'pids')::bigint,
    io_read    = (spec -> 'resources' ->> 'ioRead')::bigint,
    io_write   = (spec -> 'resources' ->> 'ioWrite')::bigint;

-- Read by itself when a tenant with limits asks for more; runs changes seldom, so that most updates stay off it.
create index container_quota on container (tenant, runs) include (milli_cpus, memory, pids, io_read, io_write);
