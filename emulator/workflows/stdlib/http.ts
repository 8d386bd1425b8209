/**
 * Module http: requests and what comes back.
 *
 * https://cloud.google.com/workflows/docs/http-requests
 */
import { httpError, limitError, systemError, typeError } from '../errors.ts';
import { textOf } from '../expression/operators.ts';
import { JsonError, NotJson, parseJson, stringifyJson } from '../json.ts';
import { type Dict, dict, isDict, isList, typeOf, type Value } from '../value.ts';
import { type Args, define, type Host, type LibraryFunction } from './library.ts';

/** What the service appends to the User-Agent of each request. */
const agent = 'GoogleCloudWorkflows; (+https://cloud.google.com/workflows/docs)';

const common = ['timeout?', 'headers?', 'query?', 'auth?', 'private_service_name?', 'ca_certificate?'];

function request(name: string, method: string | undefined, params: readonly string[]): LibraryFunction {
  return define(
    name,
    params,
    (args, host) => send(method ?? args.string('method').toUpperCase(), args, host),
    {
      blocking: true,
    },
  );
}

/** Functions of module http; its retry policies are with those of module retry. */
export const http = [
  request('http.get', 'GET', ['url', ...common]),
  request('http.delete', 'DELETE', ['url', 'body?', ...common]),
  request('http.patch', 'PATCH', ['url', 'body?', ...common]),
  request('http.post', 'POST', ['url', 'body?', ...common]),
  request('http.put', 'PUT', ['url', 'body?', ...common]),
  request('http.request', undefined, ['method', 'url', 'body?', ...common]),
];

async function send(method: string, args: Args, host: Host): Promise<Value> {
  const url = address(args);
  const headers = new Headers();
  for (const [name, value] of args.has('headers') ? args.map('headers') : []) {
    const text = textOf(value);
    if (text === undefined) throw typeError(`http: header '${name}' must be a string; got: ${typeOf(value)}`);
    try {
      headers.append(name, text);
    } catch {
      throw args.invalid(`header '${name}' has a name or value that HTTP doesn't allow`);
    }
  }
  headers.set('user-agent', [headers.get('user-agent'), agent].filter(Boolean).join(' '));
  authorize(args, url, headers);
  const body = args.any('body') === null ? undefined : encoded(args.any('body'), headers);
  const timeout = args.has('timeout') ? Number(args.number('timeout')) : host.limits.httpTimeout;
  if (!(timeout > 0 && timeout <= host.limits.httpTimeout))
    throw args.invalid(`'timeout' must be between 0 and ${host.limits.httpTimeout} seconds; got: ${timeout}`);
  let made: Request;
  try {
    made = new Request(url, { method, headers, ...(body !== undefined && { body }) });
  } catch {
    throw args.invalid(`a ${method} request ${body === undefined ? 'is not possible' : 'takes no body'}`);
  }
  return received(await host.fetch(made, timeout), host);
}

function address(args: Args): URL {
  const text = args.string('url');
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw args.invalid(`'${text}' is not an http or https URL`);
  for (const [name, value] of args.has('query') ? args.map('query') : [])
    for (const one of isList(value) ? value : [value]) {
      const item = textOf(one);
      if (item === undefined)
        throw typeError(`http: query '${name}' must be a string, number or boolean; got: ${typeOf(one)}`);
      url.searchParams.append(name, item);
    }
  return url;
}

/** Adds the service account's token. An access token leaves for Google's own hosts only. */
function authorize(args: Args, url: URL, headers: Headers): void {
  if (!args.has('auth')) return;
  const auth = args.map('auth');
  const type = auth.get('type') ?? null;
  for (const key of auth.keys())
    if (!['type', 'scope', 'scopes', 'audience'].includes(key))
      throw args.invalid(`unknown key '${key}' in 'auth'`);
  if (type === 'OAuth2') {
    if (!isGoogle(url.hostname) && !isLoopback(url.hostname))
      throw systemError(
        'AuthError',
        `an OAuth2 token is sent to *.googleapis.com only, not to ${url.hostname}`,
      );
    headers.set('authorization', 'Bearer emulated-access-token');
  } else if (type === 'OIDC') headers.set('authorization', 'Bearer emulated-identity-token');
  else throw args.invalid("'auth.type' must be OAuth2 or OIDC");
}

/** Whether a host is one of Google's APIs or registries, which the emulator answers itself. */
export function isGoogle(hostname: string): boolean {
  return /(^|\.)(googleapis\.com|pkg\.dev)$/.test(hostname);
}

/** Whether a host is this machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}

/** The body as it is sent; sets Content-Type when the workflow didn't. */
function encoded(body: Value, headers: Headers): string | Uint8Array<ArrayBuffer> {
  const type = headers.get('content-type');
  if (body instanceof Uint8Array) {
    if (type === null) headers.set('content-type', 'application/octet-stream');
    return new Uint8Array(body);
  }
  const media = type === null ? undefined : mediaType(type);
  if (type === null) headers.set('content-type', 'application/json; charset=utf-8');
  if (typeof body === 'string' && media !== undefined && media !== 'application/json') return body;
  if (media === 'application/x-www-form-urlencoded' && isDict(body))
    return new URLSearchParams(
      [...body].map(([key, value]): [string, string] => [key, textOf(value) ?? json(value)]),
    ).toString();
  return json(body);
}

function json(body: Value): string {
  try {
    return stringifyJson(body);
  } catch (error) {
    if (error instanceof NotJson) throw typeError(`http: the body holds what JSON can't: ${error.message}`);
    throw error;
  }
}

function mediaType(contentType: string): string {
  return (contentType.split(';', 1)[0] ?? '').trim().toLowerCase();
}

/**
 * A response as a workflow sees it: `{body, code, headers}`.
 *
 * @throws WorkflowError HttpError at 400 and above, ResourceLimitError on a body that is too large
 */
export async function received(response: Response, host: Host): Promise<Dict> {
  const headers = new Map<string, Value>();
  for (const [name, value] of response.headers) headers.set(canonicalHeader(name), value);
  const bytes = await bodyBytes(response, host.limits.response);
  const code = BigInt(response.status);
  const body = bodyOf(bytes, response.headers.get('content-type'));
  if (response.status >= 400) throw httpError({ code, headers, body });
  return dict({ body, code, headers });
}

async function bodyBytes(response: Response, most: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body ?? []) {
      size += chunk.byteLength;
      if (size > most) throw limitError(`the HTTP response is larger than ${most} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof TypeError)
      throw systemError('ConnectionError', 'the connection broke while the response was received');
    throw error;
  }
  return Buffer.concat(chunks);
}

/** A body as a workflow sees it: JSON as a value, text as text, anything else as bytes. */
export function bodyOf(bytes: Buffer, contentType: string | null): Value {
  const media = contentType === null ? '' : mediaType(contentType);
  if (media === 'application/json') {
    const text = bytes.toString('utf8');
    if (text.trim() === '') return null;
    try {
      return parseJson(text);
    } catch (error) {
      // What calls itself JSON and isn't stays the text it was.
      if (error instanceof JsonError) return text;
      throw error;
    }
  }
  if (media.startsWith('text/')) return bytes.toString('utf8');
  return bytes.byteLength === 0 ? null : bytes;
}

/** A header's name as Go writes it, which is how the service shows it: `Content-Type`. */
export function canonicalHeader(name: string): string {
  return name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
}
