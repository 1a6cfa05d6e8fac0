-- The identity provider's name for its own session (sid), by which it tells that the session has ended there.
alter table browser_session
    add column provider_session text;

create index browser_session_provider on browser_session (provider_session);
