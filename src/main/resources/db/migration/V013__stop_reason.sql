-- Why the platform itself stopped a container, for as long as it stays stopped.
alter table container add column stop_reason text;
