/** gcloud and credentials on this machine. */
import { commandLine, type Gcloud, noGcloud } from '../cloud/gcloud.ts';
import { isAtLeast, policiesAreAlpha, releaseOf } from '../cloud/gcloud-release.ts';
import type { Target } from '../cloud/target.ts';
import { type Finding, findings } from './finding.ts';

/** The oldest release that this project was tried with. */
const oldest = '528.0.0';

/** What is asked of this machine. */
export interface Client {
  readonly gcloud: Pick<Gcloud, 'run'>;
  readonly target: Target;
  /** An access token of Application Default Credentials. @throws where there are none */
  readonly applicationDefault: () => Promise<unknown>;
  /** Whether alert policies are to be deployed. */
  readonly hasAlerts: boolean;
}

/** Looks at gcloud, at who is logged in, and at Application Default Credentials, all at once. */
export async function checkClient(
  client: Client,
): Promise<{ findings: Finding[]; account: string | undefined }> {
  const [version, login, credentials] = await Promise.all([
    checkVersion(client),
    checkLogin(client),
    checkCredentials(client),
  ]);
  // Without gcloud nobody is logged in, which is no news.
  const all =
    version.state === 'fail' && version.message.startsWith('not') ? [version] : [version, login.finding];
  return { findings: [...all, credentials], account: login.account };
}

async function checkVersion({ gcloud, hasAlerts }: Client): Promise<Finding> {
  const { ok, fail } = findings('gcloud');
  const { exitCode, stdout, stderr } = await gcloud.run(['version', '--format=json']);
  if (exitCode === noGcloud.exitCode)
    return fail('not installed, or not on the PATH', 'see https://cloud.google.com/sdk/docs/install');
  const release = releaseOf(stdout);
  if (!release)
    return fail(`says no version: ${stderr || stdout}`, 'see https://cloud.google.com/sdk/docs/install');
  if (!isAtLeast(release, oldest))
    return fail(`${release.version} is older than ${oldest}`, commandLine(['components', 'update']));
  if (hasAlerts && policiesAreAlpha(release) && !release.components.has('alpha'))
    return fail(
      `${release.version} has the commands for alert policies in its alpha track alone, which is not installed`,
      commandLine(['components', 'install', 'alpha']),
    );
  return ok(release.version);
}

async function checkLogin({
  gcloud,
  target,
}: Client): Promise<{ finding: Finding; account: string | undefined }> {
  const { ok, fail } = findings('login');
  if (target.emulator) {
    const account = target.emulator.token.replace(/^emulated:/, '');
    return { finding: ok(`${account}, by the emulator's token`), account };
  }
  const { exitCode, stdout } = await gcloud.run([
    ...['auth', 'list', '--filter=status:ACTIVE', '--format=value(account)'],
  ]);
  const account = stdout.trim();
  if (exitCode === 0 && account !== '') return { finding: ok(account), account };
  return {
    finding: fail('gcloud has no active account', commandLine(['auth', 'login'])),
    account: undefined,
  };
}

async function checkCredentials({ target, applicationDefault }: Client): Promise<Finding> {
  const { ok, fail, na } = findings('credentials');
  if (target.emulator) return na('Application Default Credentials: the emulator asks for none');
  try {
    await applicationDefault();
    return ok('Application Default Credentials are there');
  } catch (error) {
    return fail(
      `no Application Default Credentials, which plan, replicate and status use: ${(error as Error).message}`,
      commandLine(['auth', 'application-default', 'login']),
    );
  }
}
