import type { components } from '../../api/schema';

export type Role = components['schemas']['Member']['role'];

/** From who may least to who may most. */
export const ROLES: readonly Role[] = ['viewer', 'member', 'owner'];
