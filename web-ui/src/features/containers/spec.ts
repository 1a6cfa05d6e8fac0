import type { components } from '../../api/schema';
import { words } from '../../app/format';

export type Spec = components['schemas']['ContainerSpec'];

/** What is typed into the form. Texts stay texts: the server reads sizes and times, and says what is wrong with them. */
export interface Form {
  name: string;
  image: string;
  command: string;
  keep: boolean;
  tty: boolean;
  cpus: number;
  memory: number;
  pids: number;
  ioRead: string;
  ioWrite: string;
  environment: string;
  labels: string;
  workingDir: string;
  user: string;
  hostname: string;
  restart: 'no' | 'on-failure' | 'always' | 'unless-stopped';
  ttl: string;
  idleTimeout: string;
  stopSignal: string;
  stopTimeout: string;
  tmpfs: string;
  addCapabilities: string;
  dropCapabilities: string;
  init: boolean;
  readOnly: boolean;
  autoRemove: boolean;
  healthCommand: string;
  healthInterval: string;
  healthTimeout: string;
  healthRetries: string;
  healthStartPeriod: string;
  healthOff: boolean;
}

export const BLANK: Form = {
  name: '',
  image: 'busybox',
  command: '',
  keep: true,
  tty: false,
  cpus: 0.5,
  memory: 128,
  pids: 256,
  ioRead: '',
  ioWrite: '',
  environment: '',
  labels: '',
  workingDir: '',
  user: '',
  hostname: '',
  restart: 'no',
  ttl: '',
  idleTimeout: '',
  stopSignal: '',
  stopTimeout: '',
  tmpfs: '',
  addCapabilities: '',
  dropCapabilities: '',
  init: true,
  readOnly: false,
  autoRemove: false,
  healthCommand: '',
  healthInterval: '',
  healthTimeout: '',
  healthRetries: '',
  healthStartPeriod: '',
  healthOff: false,
};

const MIB = 1024 * 1024;

/** `a=b` lines as an object; lines without `=` name nothing and are left out. */
export function pairs(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const line of text.split('\n')) {
    const at = line.indexOf('=');
    if (at > 0) found[line.slice(0, at).trim()] = line.slice(at + 1);
  }
  return found;
}

/** The request's body: what was left empty is not sent, so that the server's own defaults hold. */
export function specOf(form: Form): Spec {
  const command = form.keep && !form.command.trim() ? ['sleep', 'infinity'] : words(form.command);
  const env = pairs(form.environment);
  const labels = pairs(form.labels);
  const tmpfs = pairs(form.tmpfs);
  const add = names(form.addCapabilities);
  const drop = names(form.dropCapabilities);
  const healthcheck = healthcheckOf(form);
  return {
    image: form.image.trim(),
    ...(form.name && { name: form.name.trim() }),
    ...(command.length > 0 && { command }),
    ...(form.tty && { tty: true, stdin: true }),
    resources: {
      cpus: form.cpus,
      memory: form.memory * MIB,
      pids: form.pids,
      ...(form.ioRead && { ioRead: form.ioRead }),
      ...(form.ioWrite && { ioWrite: form.ioWrite }),
    },
    ...(Object.keys(env).length > 0 && { env }),
    ...(Object.keys(labels).length > 0 && { labels }),
    ...(form.workingDir && { workingDir: form.workingDir }),
    ...(form.user && { user: form.user }),
    ...(form.hostname && { hostname: form.hostname }),
    ...(form.restart !== 'no' && { restartPolicy: { name: form.restart } }),
    ...(form.ttl && { ttl: form.ttl }),
    ...(form.idleTimeout && { idleTimeout: form.idleTimeout }),
    ...(form.stopSignal && { stopSignal: form.stopSignal }),
    ...(form.stopTimeout && { stopTimeout: form.stopTimeout }),
    ...(Object.keys(tmpfs).length > 0 && { tmpfs }),
    ...((add.length > 0 || drop.length > 0) && { capabilities: { ...(add.length > 0 && { add }), ...(drop.length > 0 && { drop }) } }),
    ...(form.init && { init: true }),
    ...(form.readOnly && { readOnlyRootfs: true }),
    ...(form.autoRemove && { autoRemove: true }),
    ...(Object.keys(healthcheck).length > 0 && { healthcheck }),
  } as Spec;
}

function healthcheckOf(form: Form): object {
  if (form.healthOff) return { disabled: true };
  const command = words(form.healthCommand);
  return {
    ...(command.length > 0 && { command }),
    ...(form.healthInterval && { interval: form.healthInterval }),
    ...(form.healthTimeout && { timeout: form.healthTimeout }),
    ...(form.healthRetries && { retries: /^\d+$/.test(form.healthRetries) ? Number(form.healthRetries) : form.healthRetries }),
    ...(form.healthStartPeriod && { startPeriod: form.healthStartPeriod }),
  };
}

function names(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}
