-- Credentials for registries: name and password are sealed (docs/adr/0031-secrets.md).

create table registry_credential (
    tenant     text        not null references tenant (name) on delete cascade,
    host       text        not null,
    sealed     bytea       not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (tenant, host)
);
