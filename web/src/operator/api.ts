// Requests to the server. A refusal is a value with the server's own sentence, not an exception.
import type { Status } from '../model/events';

export type Role = 'viewer' | 'operator' | 'administrator';

export interface Me { user: string | null; role: Role | null; csrf: string | null; firstAdministratorMissing: boolean; oidc: boolean }

export interface PageSettings { style: string | null; tiles: string | null; pmtiles: string | null; attribution: string | null }

export interface SiteAnswer {
  site: GeoJSON.FeatureCollection & { tocsin?: { name?: string } };
  status: Status;
  name: string;
  time: string;
  speed: number;
  confirm: { required: boolean; limitS: number };
  page: PageSettings;
}

export interface Raid { id: string; title: string; summary: string }

export interface Incident {
  id: string; opened: string; closed: string | null; status: Status; drill: boolean; rounds: number; zones: string[]; warnings: number; recording: string;
}

export interface IncidentWarning {
  warning: string; identity: string; zone: string; raised: string; cleared: string | null; reason: string | null; probability: number; leadTimeS: number;
  acknowledgedBy: string | null; acknowledged: string | null;
}

export interface ApiKey { id: string; name: string; scopes: string[]; created: string; lastUsed: string | null; revoked: boolean | string | null }
export interface User { name: string; role: Role }
export interface AuditEntry { time: string; who: string; act: string; detail: string }

/** An answer: the value, or why there is none. `status` is 0 where the server could not be reached. */
export type Answer<T> = { ok: true; value: T } | { ok: false; status: number; reason: string };

let csrf: string | null = null;

/** Who is logged in. Its token goes with every later request that changes something. */
export async function me(): Promise<Answer<Me>> {
  return remember(await request<Me>('GET', '/api/me'));
}

export async function login(user: string, password: string): Promise<Answer<Me>> {
  return remember(await request<Me>('POST', '/api/login', { user, password }));
}

function remember(answer: Answer<Me>): Answer<Me> {
  if (answer.ok) csrf = answer.value.csrf;
  return answer;
}

/** One request with JSON both ways. */
export async function request<T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<Answer<T>> {
  try {
    const headers: Record<string, string> = { Accept: 'application/json' };
    if (method !== 'GET' && csrf !== null) headers['X-Tocsin-Csrf'] = csrf;
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    const response = await fetch(path, { method, headers, credentials: 'same-origin', cache: 'no-store', ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    if (!response.ok) return { ok: false, status: response.status, reason: await reasonOf(response) };
    const text = await response.text();
    return { ok: true, value: (text === '' ? undefined : JSON.parse(text)) as T };
  } catch {
    return { ok: false, status: 0, reason: 'The server did not answer. Nothing was changed, as far as this page knows.' };
  }
}

/** A text answer: the events of an incident. */
export async function text(path: string): Promise<Answer<string>> {
  try {
    const response = await fetch(path, { credentials: 'same-origin' });
    if (!response.ok) return { ok: false, status: response.status, reason: await reasonOf(response) };
    return { ok: true, value: await response.text() };
  } catch {
    return { ok: false, status: 0, reason: 'The server did not answer.' };
  }
}

async function reasonOf(response: Response): Promise<string> {
  try {
    const problem = (await response.json()) as { title?: string };
    if (problem.title) return problem.title;
  } catch {
    // No JSON: the status alone must do.
  }
  return response.status === 429 ? 'Too many tries. Wait a minute.'
    : response.status === 401 ? 'You are logged out. Log in again.'
    : response.status === 403 ? 'Your role does not allow this.' : `The server refused (${response.status}).`;
}
