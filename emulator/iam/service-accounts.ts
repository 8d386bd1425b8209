/** Service accounts: create, get, list, patch, disable, enable, delete. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Context } from '../context.ts';
import { GoogleError } from '../errors.ts';
import { Kept } from '../kept.ts';
import { projectNumber } from '../projects/number.ts';
import { applyMask, listPage, type RestCall, type RestRoute, restRoute } from '../rest.ts';
import type { Policies } from './policies.ts';

/** `google.iam.admin.v1.ServiceAccount`, as JSON. */
interface ServiceAccount extends Record<string, unknown> {
  readonly name: string;
  readonly projectId: string;
  readonly uniqueId: string;
  readonly email: string;
  readonly displayName?: string;
  readonly description?: string;
  readonly disabled?: boolean;
}

const settable = ['displayName', 'description'];

/** The service accounts of all projects. */
export class ServiceAccounts {
  readonly #kept: Kept<ServiceAccount>;
  readonly #policies: Policies;

  constructor(context: Context, policies: Policies) {
    this.#kept = new Kept(join(context.dataDir, 'iam', 'service-accounts.json'));
    this.#policies = policies;
  }

  /** Routes of this resource. */
  routes(): RestRoute[] {
    const collection = '/v1/projects/*/serviceAccounts';
    return [
      restRoute(`POST ${collection}`, (call) => this.#create(call)),
      restRoute(`GET ${collection}`, ({ ids: [project], query }) =>
        listPage(
          'accounts',
          this.#kept
            .entries()
            .map(([, account]) => account)
            .filter((account) => account.projectId === project),
          query,
        ),
      ),
      restRoute(`GET ${collection}/*`, ({ ids: [, email = ''] }) => this.#get(email)),
      restRoute(`PATCH ${collection}/*`, (call) => this.#patch(call)),
      restRoute(`POST ${collection}/*:disable`, ({ ids: [, email = ''] }) => this.#setDisabled(email, true)),
      restRoute(`POST ${collection}/*:enable`, ({ ids: [, email = ''] }) => this.#setDisabled(email, false)),
      restRoute(`DELETE ${collection}/*`, ({ ids: [, email = ''] }) => this.#delete(email)),
    ];
  }

  #create({ ids: [project = ''], body }: RestCall): ServiceAccount {
    const { accountId, serviceAccount = {} } = body as {
      accountId?: string;
      serviceAccount?: { displayName?: string; description?: string };
    };
    if (typeof accountId !== 'string' || !/^[a-z]([-a-z0-9]{4,28}[a-z0-9])$/.test(accountId))
      throw new GoogleError(
        'INVALID_ARGUMENT',
        `Invalid service account ID '${accountId}': 6 to 30 lowercase letters, digits and hyphens, beginning with a letter.`,
      );
    const email = `${accountId}@${project.split(':').reverse().join('.')}.iam.gserviceaccount.com`;
    if (this.#kept.get(email))
      throw new GoogleError(
        'ALREADY_EXISTS',
        `Service account ${accountId} already exists within project projects/${project}.`,
      );
    const { displayName, description } = serviceAccount;
    const account: ServiceAccount = {
      name: `projects/${project}/serviceAccounts/${email}`,
      projectId: project,
      uniqueId: `1${BigInt(`0x${createHash('sha256').update(email).digest('hex').slice(0, 16)}`)}`.slice(
        0,
        21,
      ),
      email,
      ...(displayName && { displayName }),
      ...(description && { description }),
      oauth2ClientId: projectNumber(email),
    };
    this.#kept.set(email, account);
    return account;
  }

  #get(email: string): ServiceAccount {
    const account = this.#kept.get(email);
    if (account) return account;
    throw new GoogleError('NOT_FOUND', `Unknown service account: ${email}`);
  }

  #patch({ ids: [, email = ''], body }: RestCall): ServiceAccount {
    const { serviceAccount = {}, updateMask } = body as {
      serviceAccount?: Record<string, unknown>;
      updateMask?: string;
    };
    const changed = applyMask(this.#get(email), serviceAccount, updateMask, settable);
    this.#kept.set(email, changed);
    return changed;
  }

  /** The flag alone: who runs as a disabled account is not kept from it. */
  #setDisabled(email: string, isDisabled: boolean): object {
    const { disabled: _, ...account } = this.#get(email);
    this.#kept.set(email, { ...account, ...(isDisabled && { disabled: true }) });
    return {};
  }

  #delete(email: string): object {
    const { name } = this.#get(email);
    this.#kept.delete(email);
    this.#policies.delete(name);
    return {};
  }
}
