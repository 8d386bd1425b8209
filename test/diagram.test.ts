/** Pictures of plans: what is in them, that they are read everywhere, and that nothing of a config becomes markup. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compile } from '../generator/compile/compile.ts';
import type { Config, Replicator } from '../generator/config.ts';
import { drawDiagram } from '../generator/diagram/draw.ts';
import { diagramFiles } from '../generator/diagram/files.ts';
import { isDiagramFile } from '../generator/diagram/mark.ts';
import type { DestinationState } from '../generator/diagram/state.ts';
import { escapeXml } from '../generator/diagram/svg.ts';
import type { WorkflowPlan } from '../generator/plan.ts';
import { resolve } from '../generator/resolve.ts';
import { walkSteps } from '../generator/workflow/steps.ts';

const test = suite('diagram');
const folder = fileURLToPath(new URL('golden/', import.meta.url));
const root = fileURLToPath(new URL('..', import.meta.url));

const common = {
  name: 'pictured',
  project: 'acme',
  region: 'europe-west1',
  source: 'projects/acme/locations/europe-west1/repositories/prod',
} satisfies Partial<Replicator>;

function plansOf(config: Config): readonly WorkflowPlan[] {
  const { plans, problems } = resolve(config);
  assert.equal(problems, []);
  return plans;
}

function planOf(config: Omit<Replicator, keyof typeof common>): WorkflowPlan {
  const [plan] = plansOf({ ...common, ...config });
  if (!plan) throw new Error('no plan');
  return plan;
}

const follower = (project: string, location = 'us', repository = 'prod') =>
  `projects/${project}/locations/${location}/repositories/${repository}`;

const many = (length: number) => Array.from({ length }, (_, index) => follower(`team-${index + 1}`));

/** Fails unless the text is well-formed XML of elements, attributes and text, as a browser asks of an SVG image. */
function assertWellFormed(svg: string): void {
  const open: string[] = [];
  const tag = /<(\/?)([a-z]+)((?: [\w:-]+="[^"<>&]*(?:&(?:amp|lt|gt|quot);[^"<>&]*)*")*)(\/?)>/g;
  const rest = svg.replace(tag, (_, end: string, name: string, __, empty: string) => {
    if (end) assert.is(open.pop(), name);
    else if (!empty) open.push(name);
    return '';
  });
  assert.equal(open, []);
  assert.not.match(rest.replace(/&(amp|lt|gt|quot);/g, ''), /[<>&]/);
  assert.not.match(svg, /[^\P{C}\n]/u, 'no control characters');
}

/** The texts that are shown. */
function textsOf(svg: string): string[] {
  return [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, text = '']) => text);
}

interface Drawn {
  readonly plan: WorkflowPlan;
  readonly svg: string;
}

/** Every plan of the golden configs, and some that are larger than anyone would want; drawn once. */
let drawn: Promise<readonly Drawn[]> | undefined;
function allDrawn(): Promise<readonly Drawn[]> {
  drawn ??= allPlans().then((plans) =>
    Promise.all(plans.map(async (plan) => ({ plan, svg: await drawDiagram(plan) }))),
  );
  return drawn;
}

async function allPlans(): Promise<readonly WorkflowPlan[]> {
  const plans: WorkflowPlan[] = [];
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.config.ts')))
    plans.push(...plansOf(((await import(`./golden/${file}`)) as { default: Config }).default));
  const [p, r] = ['p'.repeat(30), 'r'.repeat(63)];
  const far = 'northamerica-northeast1';
  const long = {
    name: 'n'.repeat(49),
    project: p,
    region: far,
    source: follower(p, far, r),
    job: { service: true },
  };
  const longest = Array.from({ length: 60 }, (_, index) =>
    follower(`${'q'.repeat(27)}${index + 100}`, far, r),
  );
  const minutes = Array.from({ length: 59 }, (_, index) => index).join(',');
  plans.push(
    ...plansOf({ ...long, destinations: longest, mirror: true, schedule: { cron: `${minutes} * * * *` } }),
    ...plansOf({
      ...long,
      destinations: longest.slice(0, 1),
      copy: { engine: 'job', packages: ['x'.repeat(200)] },
    }),
    ...plansOf({ ...long, destinations: longest.slice(0, 10), verify: true }),
    planOf({ destinations: many(3), notify: { topic: `projects/${p}/topics/${'t'.repeat(200)}` } }),
    planOf({
      destinations: many(60).map((name, index) => ({ name, copy: { maxVersionAgeDays: index + 1 } })),
    }),
  );
  return plans;
}

test('for 1 to 60 destinations it shows every one, is at most 1600 px wide, and no text is small', async () => {
  const all = await allDrawn();
  const sizes = new Set(all.map(({ plan: { destinations } }) => destinations.length));
  for (const size of [1, 2, 3, 10, 11, 60]) assert.ok(sizes.has(size), `a plan of ${size}`);
  for (const { plan, svg } of all) {
    assertWellFormed(svg);
    const shown = textsOf(svg).join('');
    for (const { id } of plan.destinations) {
      assert.ok(shown.includes(id), `${plan.name} shows ${id}`);
      assert.ok(svg.includes(`data-destination="${id}"`), `${plan.name} names ${id}`);
    }
    const [, width = '', height = ''] = /^<svg [^>]*width="(\d+)" height="(\d+)"/.exec(svg) ?? [];
    assert.ok(Number(width) <= 1600, `${plan.name} is ${width} px wide`);
    assert.ok(svg.includes(`viewBox="0 0 ${width} ${height}"`), 'shown at its natural size');
    const fonts = [...svg.matchAll(/font: ([\d.]+)px/g)].map(([, size]) => Number(size));
    assert.ok(fonts.length > 0 && Math.min(...fonts) >= 11, 'fonts');
    assert.not.match(svg, /font-size|scale\(/);
  }
});

test('it needs no script, no other file and no font of its own', async () => {
  for (const { svg } of await allDrawn())
    assert.not.match(svg, /<script|<image|href|url\(|@import|@font-face|\son\w+=/i);
});

test('it says what it is to who does not see it, and knows light and dark', async () => {
  const svg = await drawDiagram(
    planOf({ destinations: many(2), schedule: { cron: '0 3 * * *', timeZone: 'Europe/Berlin' } }),
  );
  assert.match(
    svg,
    /^<svg [^>]*role="img" aria-labelledby="pictured-diagram-title pictured-diagram-description">/,
  );
  assert.match(svg, /<title id="pictured-diagram-title">What the replicator pictured does<\/title>/);
  assert.match(
    svg,
    /<desc id="pictured-diagram-description">The schedule 0 3 \* \* \* \(every day at 03:00\), time zone/,
  );
  assert.match(svg, /@media \(prefers-color-scheme: dark\)/);
  // On a page of its own rules, none of ours may apply to anything else.
  const style = /<style>([^<]*)<\/style>/.exec(svg)?.[1] ?? '';
  for (const line of style.trim().split('\n'))
    if (!/^@media|^}$/.test(line))
      for (const selector of (line.split('{')[0] ?? '').split(','))
        assert.match(selector, /^ ?\.replicator-diagram /);
});

test('it has the steps of the very workflow, and for a destination the stages that it goes through', async () => {
  for (const { plan, svg } of await allDrawn()) {
    const shown = new Set(textsOf(svg));
    const [main] = compile(plan).workflow.routines;
    const called = new Set<string>();
    walkSteps(main?.steps ?? [], (step) => {
      if (step.kind === 'call') called.add(step.function);
    });
    for (const name of ['read_arguments', 'summarise', 'finished']) assert.ok(shown.has(name), name);
    assert.is(shown.has('give_way'), plan.overlap === 'skip');
    assert.is(shown.has('copy_by_job'), called.has('copy_by_job'));
    assert.is(shown.has('await'), called.has('replicate'), 'only the API is waited for');
    const { destinations } = plan;
    assert.is(
      shown.has('mirror'),
      destinations.some(({ mirror }) => mirror) && !shown.has('mirror or verify'),
    );
    assert.is(shown.has('CLOUD RUN JOB'), plan.job !== undefined);
    assert.is(shown.has('PUB/SUB TOPIC'), plan.notify !== undefined);
  }
});

test('many that are treated alike stand in one box, told once', async () => {
  const destinations = many(30).map((name, index) => ({
    name,
    ...(index >= 20 && { mirror: { maxDeletions: 7 } }),
  }));
  const texts = textsOf(await drawDiagram(planOf({ destinations, job: true })));
  assert.equal(
    texts.filter((text) => / followers$|^mirror: /.test(text)),
    ['20 followers', '10 followers', 'mirror: deletes at most 7, at most 10 %'],
  );
});

test('whatever a config holds is text', async () => {
  const hostile = [
    `"><script>alert(1)</script>`,
    `'); DROP`,
    '\\N \\G \\L \\"',
    '<<b>html</b>>',
    ']]> --> <!--',
    '&amp; &#x41; &lt;',
    'a\u0000b\u001b[31m\u202ec',
    '${sys.now()}',
  ];
  const behavior = Object.fromEntries(hostile.map((text, index) => [`field${index}`, text]));
  const mirror = { protect: { tags: ['<i>*</i>'], packages: ['"&"'] } };
  for (const count of [1, 12]) {
    const destinations = many(count).map((name, index) => ({ name, copy: { maxVersionAgeDays: index } }));
    const svg = await drawDiagram(planOf({ destinations, copy: { behavior }, mirror, job: true }));
    assertWellFormed(svg);
    assert.not.match(svg, /<(script|b|i)\b/);
    const shown = textsOf(svg).join(' ').replaceAll(/\s+/g, ' ');
    assert.ok(shown.includes(escapeXml(hostile[0] ?? '')), shown);
    assert.ok(shown.includes('\\N \\G \\L \\&quot;'));
    assert.ok(shown.includes('&amp;amp; &amp;#x41; &amp;lt;'));
    assert.ok(shown.includes('&lt;i&gt;*&lt;/i&gt;'));
  }
});

test('what XML cannot hold is replaced', () => {
  assert.is(escapeXml('a\ud800b\u0000c\u202ed\ufffee💧'), 'a\ufffdb\ufffdc\ufffdd\ufffde💧');
});

test('states colour followers, and say so in words and signs', async () => {
  const states: readonly (readonly [DestinationState, string])[] = [
    ['succeeded', 'succeeded'],
    ['partlyFailed', 'partly failed'],
    ['failed', 'failed'],
    ['skipped', 'skipped'],
    ['dryRun', 'dry run'],
    ['running', 'running'],
  ];
  const few = planOf({ destinations: many(7) });
  const lots = planOf({ destinations: many(60) });
  for (const plan of [few, lots]) {
    const given = new Map(states.map(([state], index) => [plan.destinations[index]?.id ?? '', state]));
    const svg = await drawDiagram(plan, { states: given });
    assertWellFormed(svg);
    for (const [index, [state, word]] of states.entries()) {
      const id = plan.destinations[index]?.id;
      assert.ok(
        svg.includes(`<g class="follower ${state}" data-destination="${id}">\n<title>${id}, ${word}: `),
        state,
      );
      assert.match(svg, new RegExp(`\\.follower\\.${state} \\.accent[^}]*fill: #`));
      assert.ok(
        textsOf(svg).some((text) => text === (plan === few ? word : `1 ${word}`)),
        word,
      );
    }
    assert.is(svg.match(/<g class="follower" /g)?.length, plan.destinations.length - states.length);
  }
  assert.not.match(await drawDiagram(few), /succeeded/);
});

test('a file of ours is known by its first line, whatever the config is called', async () => {
  const plan = planOf({ destinations: many(1) });
  for (const name of ['replicator.config.ts', 'a--b---c.config.ts']) {
    const [file] = await diagramFiles([plan], name);
    assert.is(file?.name, 'pictured.svg');
    const text = file?.text ?? '';
    assert.ok(isDiagramFile('any.svg', text, name));
    assert.not.ok(isDiagramFile('any.svg', text, 'other.config.ts'));
    assert.not.ok(isDiagramFile('any.svg', '<svg><!-- Written by hand --></svg>', name));
    const [comment = ''] = text.split('\n');
    assert.match(comment, /^<!-- Written by "npm run generate" from .* -->$/);
    assert.not.match(comment.slice(4, -3), /--/);
  }
});

test('the same plan gives the same bytes in any process', async () => {
  const out = mkdtempSync(join(tmpdir(), 'diagram-'));
  try {
    const [config, script] = [join(folder, 'own-settings.config.ts'), join(root, 'scripts/generate.ts')];
    const written = await Promise.all(
      [
        { TZ: 'Asia/Tokyo', LANG: 'C' },
        { TZ: 'America/Lima', LANG: 'de_DE.UTF-8' },
      ].map(async (env, index) => {
        const args = ['--import', 'tsx', script, '--config', config, '--out', join(out, String(index))];
        await promisify(execFile)(process.execPath, args, { cwd: root, env: { ...process.env, ...env } });
        return readFileSync(join(out, String(index), 'own-settings.svg'), 'utf8');
      }),
    );
    const { default: value } = (await import('./golden/own-settings.config.ts')) as { default: Config };
    const [drawn] = await diagramFiles(plansOf(value), 'test/golden/own-settings.config.ts');
    for (const text of written) assert.is(text, drawn?.text);
    const golden = join(folder, 'own-settings.svg');
    if (process.env.UPDATE === '1') writeFileSync(golden, drawn?.text ?? '');
    assert.is(drawn?.text, readFileSync(golden, 'utf8'), 'test/golden/own-settings.svg');
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
});

test.run();
