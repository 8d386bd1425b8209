/** Roles enforced, for an emulator with `--iam`: each request is let through as the policies say of who sends it. */
import { GoogleError } from '../errors.ts';
import type { Operations } from '../operations.ts';
import { decodeId } from '../registry/names.ts';
import type { Registry } from '../registry/registry.ts';
import { callerOf, memberOf, owner } from './caller.ts';
import type { Binding, Policies } from './policies.ts';
import { rolePermissions } from './roles.ts';
import { demandsOf } from './rules.ts';

/** Says who may do what. */
export class Iam {
  readonly #policies: Policies;
  readonly #registry: Registry;
  readonly #operations: Operations;

  constructor(policies: Policies, registry: Registry, operations: Operations) {
    this.#policies = policies;
    this.#registry = registry;
    this.#operations = operations;
  }

  /**
   * Whether somebody has a permission on a resource: by its policy or by its project's.
   *
   * @param email undefined is anonymous
   */
  has(email: string | undefined, permission: string, resource: string): boolean {
    if (email === owner) return true;
    const members = new Set([
      'allUsers',
      ...(email === undefined ? [] : ['allAuthenticatedUsers', memberOf(email)]),
    ]);
    return [...this.#bindingsOf(resource), ...this.#bindingsOf(projectOf(resource))].some(
      ({ role, members: given = [] }) =>
        (role === 'roles/owner' || (rolePermissions[role]?.includes(permission) ?? false)) &&
        given.some((member) => members.has(member)),
    );
  }

  #bindingsOf(resource: string): readonly Binding[] {
    if (resource.includes('/operations/')) return this.#policies.bindings(this.#jobOf(resource));
    if (!resource.includes('/repositories/')) return this.#policies.bindings(resource);
    try {
      const { policy } = this.#registry.repository(resource).content;
      return ((policy as { bindings?: readonly Binding[] } | undefined)?.bindings ??
        []) as readonly Binding[];
    } catch {
      // One that isn't there has no policy: its project's decides who hears so.
      return [];
    }
  }

  /** The job that an operation runs: whoever may see the one may see the other. */
  #jobOf(operation: string): string {
    try {
      const name = String(this.#operations.get(operation).metadata?.name ?? '');
      return name.split('/').slice(0, 6).join('/');
    } catch {
      return operation;
    }
  }

  /**
   * Lets a request pass, or answers it.
   *
   * @throws GoogleError UNAUTHENTICATED, PERMISSION_DENIED
   * @returns an answer where permissions are asked about
   */
  async check(request: Request): Promise<Response | undefined> {
    const { pathname } = new URL(request.url);
    const caller = callerOf(request);
    const body = await bodyOf(request);
    const asked = /^\/v\d(?:\w*)\/(projects\/.+):testIamPermissions$/.exec(pathname)?.[1];
    if (asked !== undefined) {
      const { permissions = [] } = body as { permissions?: readonly string[] };
      const granted = permissions.filter((one) => this.has(caller, one, decodeId(asked)));
      return Response.json(granted.length > 0 ? { permissions: granted } : {});
    }
    for (const { permission, resource } of demandsOf(request.method, pathname, body)) {
      if (this.has(caller, permission, resource)) continue;
      if (
        pathname.startsWith('/v2/') &&
        !pathname.startsWith('/v2/projects/') &&
        pathname !== '/v2/entries:list'
      )
        return refuseImage(caller, permission, resource);
      this.demand(caller, permission, resource);
    }
    return undefined;
  }

  /** @throws GoogleError in the words of the service */
  demand(caller: string | undefined, permission: string, resource: string): void {
    if (this.has(caller, permission, resource)) return;
    if (caller === undefined)
      throw new GoogleError(
        'UNAUTHENTICATED',
        'Request is missing required authentication credential. Expected OAuth 2 access token, login cookie or other valid authentication credential.',
      );
    throw new GoogleError(
      'PERMISSION_DENIED',
      `Permission '${permission}' denied on resource '${resource}' (or it may not exist).`,
    );
  }
}

function projectOf(resource: string): string {
  return resource.split('/').slice(0, 2).join('/');
}

/** The JSON of a request, without using it up; empty where there is none. */
async function bodyOf(request: Request): Promise<Record<string, unknown>> {
  // Images are JSON of types of their own, and are left to whoever stores them.
  const isJson = /^application\/json(?:;|$)/.test(request.headers.get('content-type') ?? '');
  if (!isJson || request.method === 'GET' || request.method === 'DELETE') return {};
  try {
    const body: unknown = await request.clone().json();
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  } catch {
    // Whoever answers the request says what is wrong with it.
    return {};
  }
}

/** A refusal in the words of the OCI protocol; who is nobody is asked for credentials. */
function refuseImage(caller: string | undefined, permission: string, resource: string): Response {
  const isNobody = caller === undefined;
  const message = isNobody
    ? 'Unauthenticated request.'
    : `Permission "${permission}" denied on resource "${resource}" (or it may not exist)`;
  return Response.json(
    { errors: [{ code: isNobody ? 'UNAUTHORIZED' : 'DENIED', message }] },
    {
      status: isNobody ? 401 : 403,
      headers: isNobody ? { 'www-authenticate': 'Basic realm="emulator"' } : {},
    },
  );
}
