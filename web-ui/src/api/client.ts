import { Problem } from './problem';
import type { paths } from './schema';

/**
 * Typed requests: `api.get('/api/v1/tenants/{tenant}/containers', { path: {tenant}, query: {…} })`. Paths, parameters, bodies and
 * answers are those of openapi.yaml; there is no other description of the contract in the console.
 */

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
type PathsWith<M extends Method> = {
  [P in keyof paths]: paths[P] extends { [K in M]: { responses: unknown } } ? P : never;
}[keyof paths];
type OperationOf<P extends keyof paths, M extends Method> = paths[P] extends { [K in M]: infer O } ? O : never;

type Content<R> = R extends { content: infer C } ? (C extends { 'application/json': infer J } ? J : C[keyof C]) : undefined;
type Answers<O> = O extends { responses: infer R } ? R : never;
type Good<R> = { [S in keyof R]: S extends 200 | 201 | 202 ? Content<R[S]> : S extends 204 ? undefined : never }[keyof R];
export type Answer<P extends keyof paths, M extends Method> = Good<Answers<OperationOf<P, M>>>;

type Part<O, K extends string> = O extends { parameters: { [N in K]?: infer V } } ? V : never;
type Body<O> = O extends { requestBody?: { content: infer C } } ? C[keyof C] : never;
type PathOf<O, P extends keyof paths> = Part<O, 'path'> extends never ? Part<paths[P], 'path'> : Part<O, 'path'>;

export interface RequestOptions<P extends keyof paths, M extends Method> {
  path?: { [N in keyof PathOf<OperationOf<P, M>, P>]: string | number };
  query?: Part<OperationOf<P, M>, 'query'>;
  body?: Body<OperationOf<P, M>>;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** An answer with its headers, for those who need the ETag or the next page. */
export interface Full<T> {
  data: T;
  headers: Headers;
  status: number;
}

let csrf = '';
let onUnauthenticated: () => void = () => {};

/** Unsafe requests of a session must carry its token. */
export function useCsrfToken(token: string): void {
  csrf = token;
}

/** Called whenever the server no longer knows who we are. */
export function whenUnauthenticated(handler: () => void): void {
  onUnauthenticated = handler;
}

/** Fills in a path's parameters and appends a query. */
export function url(path: string, parameters: Record<string, string | number> = {}, query: object = {}): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(parameters[name] ?? '')));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== undefined && each !== null && each !== '') search.append(name, String(each));
    }
  }
  const text = search.toString();
  return text ? `${filled}?${text}` : filled;
}

/** A request by URL, with the session's headers; throws a {@link Problem} unless it is answered well. */
export async function send(address: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  if (csrf && init.method && init.method !== 'GET') headers.set('X-CSRF-Token', csrf);
  let response: Response;
  try {
    response = await fetch(address, { ...init, headers, credentials: 'same-origin' });
  } catch (failure) {
    if (failure instanceof DOMException && failure.name === 'AbortError') throw failure;
    throw Problem.unreachable();
  }
  if (response.ok) return response;
  throw noticed(await Problem.of(response));
}

export interface Upload {
  method: string;
  headers: Record<string, string>;
  body: Blob;
  signal?: AbortSignal;
  /** Bytes sent so far. */
  progress?: (sent: number) => void;
}

/** The same for a body that takes its time: only XMLHttpRequest tells how far it is. */
export function upload(address: string, { method, headers, body, signal, progress }: Upload): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, address);
    for (const [name, value] of Object.entries({ ...headers, 'X-CSRF-Token': csrf })) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => progress?.(event.loaded);
    request.onerror = () => reject(Problem.unreachable());
    request.onabort = () => reject(new DOMException('cancelled', 'AbortError'));
    request.onload = () => {
      const { status, statusText, responseText } = request;
      const headers = { 'Content-Type': request.getResponseHeader('Content-Type') ?? '', ETag: request.getResponseHeader('ETag') ?? '' };
      const response = new Response(status === 204 ? null : responseText, { status, statusText, headers });
      if (response.ok) resolve(response);
      else Problem.of(response).then((problem) => reject(noticed(problem)), reject);
    };
    signal?.addEventListener('abort', () => request.abort());
    request.send(body);
  });
}

function noticed(problem: Problem): Problem {
  if (problem.document.status === 401) onUnauthenticated();
  return problem;
}

async function full<P extends keyof paths, M extends Method>(
  method: M,
  path: P,
  options: RequestOptions<P, M> = {},
): Promise<Full<Answer<P, M>>> {
  const headers: Record<string, string> = { Accept: 'application/json', ...options.headers };
  const init: RequestInit = { method: method.toUpperCase(), headers };
  if (options.signal) init.signal = options.signal;
  if (options.body !== undefined) {
    headers['Content-Type'] ??= 'application/json';
    init.body = JSON.stringify(options.body);
  }
  const address = url(path, (options.path ?? {}) as Record<string, string>, (options.query ?? {}) as object);
  const response = await send(address, init);
  const text = response.status === 204 ? '' : await response.text();
  return {
    data: (text ? JSON.parse(text) : undefined) as Answer<P, M>,
    headers: response.headers,
    status: response.status,
  };
}

const data =
  <M extends Method>(method: M) =>
  async <P extends PathsWith<M>>(path: P, options?: RequestOptions<P, M>): Promise<Answer<P, M>> =>
    (await full(method, path, options)).data;

export const api = {
  full,
  get: data('get'),
  post: data('post'),
  put: data('put'),
  patch: data('patch'),
  delete: data('delete'),
};
