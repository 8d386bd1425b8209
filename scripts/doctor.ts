/** `npm run doctor`: whether everything is there that a deploy needs. */
import { counted } from '../job/print/quantity.ts';
import { openSession } from './cloud/session.ts';
import { readConfig } from './config-file.ts';
import { examine } from './doctor/doctor.ts';
import { printFindings } from './doctor/print.ts';
import { readFlags } from './flags.ts';
import { createProgress, during } from './progress.ts';
import { runTool } from './tool.ts';

const help = `npm run doctor [-- --config FILE]

Looks at everything that a deploy of the config needs: gcloud and who is logged in, projects, billing, permissions,
organisation policies, APIs, and the repositories. Changes nothing; each finding has the command that mends it.

  --config FILE          the config to read                              (default: replicator.config.ts)
  --create-destinations  missing followers are no fault: the deploy will make them
  --help                 this text

Exit codes: 0 nothing is in the way, 1 something is, or the config has faults, 64 usage.`;

async function doctorCommand(args: readonly string[]): Promise<number> {
  const { values } = readFlags(args, help, {
    config: { type: 'string' },
    'create-destinations': { type: 'boolean' },
  });
  const prepared = await readConfig(values.config);
  if (!prepared) return 1;
  const session = openSession();
  const progress = createProgress();
  try {
    const mayCreate = values['create-destinations'] === true;
    const examined = examine(prepared.plans, { ...session, mayCreate });
    const findings = await during(progress, 'looking', examined);
    progress.close();
    console.log(printFindings(findings));
    const failed = findings.filter(({ state }) => state === 'fail').length;
    console.log(
      failed === 0
        ? '\nNothing is in the way of a deploy.'
        : `\n${counted(failed, 'finding is', 'findings are')} in the way of a deploy.`,
    );
    return failed === 0 ? 0 : 1;
  } finally {
    session.gcloud.close();
  }
}

await runTool('doctor', () => doctorCommand(process.argv.slice(2)));
