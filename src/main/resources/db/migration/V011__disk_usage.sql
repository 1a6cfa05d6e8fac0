-- The last measurement of each container's files: what they occupy is charged up to then.
create table usage_disk (
    container   text        primary key,
    tenant      text        not null references tenant (name) on delete cascade,
    measured_at timestamptz not null,
    bytes       bigint      not null,
    -- false: there were more files than are looked at, and it is at least so much
    complete    boolean     not null
);

create index usage_disk_tenant on usage_disk (tenant);
