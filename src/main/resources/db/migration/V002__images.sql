-- Which reference of which tenant stands for which image. Content is shared by all and not in the database.
create table image (
    id         text primary key,
    tenant     text        not null references tenant (name),
    reference  text        not null,
    digest     text        not null,
    size       bigint      not null,
    platform   text        not null,
    created_at timestamptz not null,
    unique (tenant, reference)
);

create index image_tenant_digest on image (tenant, digest text_pattern_ops);
