/** Secrets do not go into the log. */
import { Expression, type Node } from '../expression/tree.ts';
import { leaves, type Routine, type Step, type Value, type Workflow, walkSteps } from '../workflow/steps.ts';
import type { Report } from './finding.ts';
import { tellOf } from './references.ts';

const secret = /secret|password|passwd|passphrase|token|api_?key|private_?key|credential|authorization/i;
/** What only sounds like one. */
const harmless = /page_?token|token_?count|secret_?(id|name|version)/i;

/** Connectors whose answer is a secret. */
const givesSecret = /^googleapis\.secretmanager\..*\.access(String)?$/;

export function checkSecrets({ routines }: Workflow, report: Report): void {
  for (const routine of routines) {
    const tainted = taintedBy(routine);
    walkSteps(routine.steps, (step) => {
      if (step.kind !== 'call' || step.function !== 'sys.log') return;
      for (const value of Object.values(step.arguments)) {
        const found = secretIn(value, tainted);
        if (found)
          tellOf(report, routine, step)(
            'logged-secret',
            `sys.log writes ${found.name}, which looks like a secret`,
            {
              subject: { of: found.expression, word: found.name },
            },
          );
      }
    });
  }
}

/** Variables that hold a secret, or something made of one. */
function taintedBy({ steps }: Routine): Set<string> {
  const tainted = new Set<string>();
  for (let size = -1; size !== tainted.size; ) {
    size = tainted.size;
    walkSteps(steps, (step) => taint(step, tainted));
  }
  return tainted;
}

function taint(step: Step, tainted: Set<string>): void {
  if (step.kind === 'call' && step.result !== undefined && givesSecret.test(step.function))
    tainted.add(step.result);
  if (step.kind !== 'assign') return;
  for (const [target, value] of step.assignments)
    if (target.node.kind === 'variable' && holds(value, tainted)) tainted.add(target.node.name);
}

/** Whether a value is made of a tainted variable; what is compared or measured of one is no secret. */
function holds(value: Value, tainted: ReadonlySet<string>): boolean {
  return leaves(value).some(
    (leaf) => leaf instanceof Expression && carried(leaf.node).some((name) => tainted.has(name)),
  );
}

/** The variables and keys whose content an expression carries on. */
function carried(node: Node): string[] {
  switch (node.kind) {
    case 'variable':
      return [node.name];
    case 'member':
      return [...carried(node.of), node.key];
    case 'index':
      return [...carried(node.of), ...(node.key.kind === 'string' ? [node.key.value] : [])];
    case 'list':
      return node.items.flatMap(carried);
    case 'call':
      return node.name === 'len' || node.name === 'get_type' ? [] : node.arguments.flatMap(carried);
    case 'binary':
      return node.operator === '+' ? [...carried(node.left), ...carried(node.right)] : [];
    default:
      return [];
  }
}

function secretIn(
  value: Value,
  tainted: ReadonlySet<string>,
): { name: string; expression: Expression } | undefined {
  for (const leaf of leaves(value)) {
    if (!(leaf instanceof Expression)) continue;
    const name = carried(leaf.node).find(
      (one) => tainted.has(one) || (secret.test(one) && !harmless.test(one)),
    );
    if (name !== undefined) return { name, expression: leaf };
  }
  return undefined;
}
