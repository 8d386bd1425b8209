/** `npm run destroy`: takes away what deploy made. */
import { openSession } from './cloud/session.ts';
import { readConfig } from './config-file.ts';
import { confirm } from './confirm.ts';
import { destroy, planOfDeployed } from './deploy/destroy.ts';
import { checkNamed } from './deploy/named.ts';
import { readFlags, UsageError } from './flags.ts';
import { npmRun } from './npm-run.ts';
import { createProgress } from './progress.ts';
import { runTool } from './tool.ts';
import { untilInterrupted } from './until-interrupted.ts';

const help = `npm run destroy [-- --dry-run] [--yes]

Takes away what deploy made, in reverse: alerts, dashboard, metrics, schedule, workflow, job, roles, service accounts.
Never a leader or follower, what they hold, or a role of others.

  --config FILE     the config to read                    (default: replicator.config.ts)
  --dry-run         print what would be done and the commands; change nothing
  --yes             without a question
  --name NAME --project PROJECT --region REGION
                    a replicator that no config describes any more, instead of those of the config
  --help            this text

Exit codes: 0 done, 1 something failed, or it was not confirmed, 64 usage.`;

async function destroyCommand(args: readonly string[]): Promise<number> {
  const { values } = readFlags(args, help, {
    config: { type: 'string' },
    'dry-run': { type: 'boolean' },
    yes: { type: 'boolean' },
    name: { type: 'string' },
    project: { type: 'string' },
    region: { type: 'string' },
  });
  const { name, project, region } = values;
  const isNamed = name !== undefined || project !== undefined || region !== undefined;
  if (isNamed && (name === undefined || project === undefined || region === undefined))
    throw new UsageError('--name, --project and --region go together');
  const gone =
    name !== undefined && project !== undefined && region !== undefined
      ? { name, project, region }
      : undefined;
  if (gone) checkNamed(gone);
  const session = openSession();
  const progress = createProgress();
  const command = npmRun('destroy', {}, ...args.filter((arg) => arg !== '--dry-run'));
  const cleanUp = () => {
    progress.close();
    session.gcloud.close();
  };
  return untilInterrupted({ say: progress.say, command, cleanUp }, async () => {
    const plans = gone ? [await planOfDeployed(gone, session)] : (await readConfig(values.config))?.plans;
    if (!plans) return 1;
    return destroy(plans, session, {
      dryRun: values['dry-run'] === true,
      yes: values.yes === true,
      say: progress.say,
      progress,
      confirm,
      command,
    });
  });
}

await runTool('destroy', () => destroyCommand(process.argv.slice(2)));
