-- Users, members, sessions, sign-in links; whom a token stands for.

-- issuer and subject are those of the identity provider; a built-in user has neither. claims_at is when the provider made the
-- newest token that was seen: what an older one says does not count any more.
create table user_account (
    id             text primary key,
    name           text        not null unique,
    display_name   text        not null,
    email          text,
    issuer         text,
    subject        text,
    admin          boolean     not null default false,
    provider_admin boolean     not null default false,
    disabled       boolean     not null default false,
    claims_at      timestamptz,
    created_at     timestamptz not null,
    last_seen_at   timestamptz,
    unique (issuer, subject)
);

-- A member's role counts from whichever source gives the most: an owner's decision (manual), or the identity provider's (oidc).
create table membership (
    tenant     text        not null references tenant (name) on delete cascade,
    user_id    text        not null references user_account (id) on delete cascade,
    source     text        not null,
    role       text        not null,
    created_at timestamptz not null,
    primary key (tenant, user_id, source)
);

create index membership_user on membership (user_id);

-- user_id is the user behind a token: it can do no more than that user may now, and ends with it. Without one it stands alone.
alter table api_token
    add column role            text not null default 'OWNER',
    add column user_id         text references user_account (id) on delete cascade,
    add column created_by      text not null default 'system',
    add column created_by_name text not null default 'system',
    drop constraint api_token_tenant_fkey,
    add constraint api_token_tenant_fkey foreign key (tenant) references tenant (name) on delete cascade;

create index api_token_tenant on api_token (tenant, id desc);
create index api_token_user on api_token (user_id);

-- Known by their SHA-256 only, as tokens are. A session stands for a user, or for the token it was begun with. refresh_token is the
-- identity provider's, sealed with a key that is made of the cookie and not kept; checked_until is when to ask it again.
create table browser_session (
    id             text primary key,
    hash           bytea       not null unique,
    user_id        text references user_account (id) on delete cascade,
    token_id       text references api_token (id) on delete cascade,
    created_at     timestamptz not null,
    last_seen_at   timestamptz not null,
    expires_at     timestamptz not null,
    source_address text,
    user_agent     text,
    refresh_token  bytea,
    checked_until  timestamptz,
    check ((user_id is null) <> (token_id is null))
);

create index browser_session_user on browser_session (user_id);
create index browser_session_token on browser_session (token_id);

create table sign_in_link (
    hash       bytea primary key,
    user_id    text        not null references user_account (id) on delete cascade,
    created_by text        not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at    timestamptz
);

-- What one subject was answered is no other's business.
alter table idempotency_key
    add column subject text not null default '',
    drop constraint idempotency_key_pkey,
    add primary key (tenant, subject, key);
