export { AuditPage } from './AuditPage';
export { HostPage } from './HostPage';
export { MembersPage } from './MembersPage';
export { TenantPage } from './TenantPage';
export { TenantsPage } from './TenantsPage';
export { TokensPage } from './TokensPage';
export { UsagePage } from './UsagePage';
