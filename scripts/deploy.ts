/** `npm run deploy`: the config to a working scheduled replication. */
import { resolve } from 'node:path';
import { openSession } from './cloud/session.ts';
import { readConfig, root } from './config-file.ts';
import { confirm } from './confirm.ts';
import { deploy } from './deploy/deploy.ts';
import { imageHash } from './deploy/image-hash.ts';
import { compareFiles, writeFiles } from './files.ts';
import { fromCaller, readFlags } from './flags.ts';
import { npmRun } from './npm-run.ts';
import { createProgress } from './progress.ts';
import { runTool } from './tool.ts';
import { untilInterrupted } from './until-interrupted.ts';

const help = `npm run deploy [-- --dry-run] [--config FILE]

Makes what the config describes: APIs, service accounts and their roles, the Cloud Run job where it asks for one, the
workflow, the Scheduler job, the metrics, dashboard and alerts of Cloud Monitoring. Again: only what changed. Every
change is a gcloud command, and is printed.

  --dry-run              print what would be done and the commands; change nothing
  --config FILE          the config to read                         (default: replicator.config.ts)
  --out DIR              where the workflows' files are written     (default: workflows)
  --yes                  claim followers for their mirror without a question
  --create-destinations  make followers that are missing, as their leader is
  --adopt                take over what is there under our names and carries no label of ours
  --skip-doctor          do not look first whether everything is there that a deploy needs
  --help                 this text

Exit codes: 0 done, 1 something failed or is in the way, 64 usage.`;

async function deployCommand(args: readonly string[]): Promise<number> {
  const { values } = readFlags(args, help, {
    'dry-run': { type: 'boolean' },
    config: { type: 'string' },
    out: { type: 'string' },
    yes: { type: 'boolean' },
    'create-destinations': { type: 'boolean' },
    adopt: { type: 'boolean' },
    'skip-doctor': { type: 'boolean' },
  });
  const prepared = await readConfig(values.config);
  if (!prepared) return 1;
  const { plans, files } = prepared;
  const folder = values.out === undefined ? resolve(root, 'workflows') : fromCaller(values.out);
  const session = openSession();
  const progress = createProgress();
  const command = npmRun('deploy', {}, ...args.filter((arg) => arg !== '--dry-run'));
  const cleanUp = () => {
    progress.close();
    session.gcloud.close();
  };
  return untilInterrupted({ say: progress.say, command, cleanUp }, async () =>
    deploy(plans, session, {
      dryRun: values['dry-run'] === true,
      yes: values.yes === true,
      skipDoctor: values['skip-doctor'] === true,
      adopt: values.adopt === true,
      createDestinations: values['create-destinations'] === true,
      imageHash: await imageHash(root),
      generated: (name) => {
        const file = files.find((one) => one.name === name);
        return file && { text: file.text, file: resolve(folder, name) };
      },
      writeFiles: async () =>
        // Nothing is ours to remove here: that is for generate.
        writeFiles(folder, files, await compareFiles(folder, files, () => false)),
      say: progress.say,
      progress,
      confirm,
      command,
    }),
  );
}

await runTool('deploy', () => deployCommand(process.argv.slice(2)));
