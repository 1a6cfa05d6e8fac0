-- Tenants' life: suspension, deletion, and a name for their group on the host that is never given twice.

-- deletion is the id of the operation that deletes the tenant; while it is set the tenant does not exist for its members.
alter table tenant
    add column group_id     text,
    add column suspend_mode text,
    add column deletion     text,
    add column version      bigint not null default 0;

update tenant set group_id = name, suspend_mode = case when suspended then 'PAUSE' end;

alter table tenant
    alter column group_id set not null,
    add constraint tenant_group unique (group_id);

-- What a suspension did to a container, for the resumption to undo.
create table suspended_container (
    container text primary key references container (id) on delete cascade,
    tenant    text not null,
    was       text not null
);

create index suspended_container_tenant on suspended_container (tenant);

-- An operation without a tenant is the platform's. A resumable one goes on after a restart.
alter table operation
    alter column tenant drop not null,
    add column resumable boolean not null default false;

create index operation_tenant on operation (tenant);

-- The last reading of each container's counters: what comes after it is charged.
create table usage_meter (
    container        text primary key,
    tenant           text        not null references tenant (name) on delete cascade,
    name             text,
    run              text        not null,
    read_at          timestamptz not null,
    cpu_nanos        bigint      not null,
    memory_bytes     bigint      not null,
    network_received bigint      not null,
    network_sent     bigint      not null
);

create index usage_meter_tenant on usage_meter (tenant);

-- Amounts are whole numbers in the resource's smallest unit, so that they add up exactly.
create table usage_bucket (
    tenant    text        not null references tenant (name) on delete cascade,
    bucket    timestamptz not null,
    container text        not null,
    resource  text        not null,
    amount    bigint      not null,
    primary key (tenant, bucket, container, resource)
);

create index usage_bucket_time on usage_bucket (bucket);
