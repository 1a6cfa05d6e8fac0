export { AuditPage, PlatformAuditPage } from './AuditPage';
export { HostPage } from './HostPage';
export { MembersPage } from './MembersPage';
export { TenantPage } from './TenantPage';
export { TenantsPage } from './TenantsPage';
export { TokensPage } from './TokensPage';
export { UsersPage } from './UsersPage';
export { UsagePage } from './UsagePage';
