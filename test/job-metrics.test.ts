import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { seed } from '../emulator/registry/seed.ts';
import type { Emulator } from '../emulator/server.ts';
import { metrics } from '../generator/observability/metrics.ts';
import { type Entry, entriesOf, job, startJob, startQuickEmulator } from './job-cli-process.ts';
import { send } from './rest.ts';

const name = (location: string) => `projects/acme/locations/${location}/repositories/prod`;
const [leader, one, two] = [name('europe-west1'), name('us-central1'), name('asia')];
const old = Date.now() - 7 * 24 * 3600 * 1000;
const content = (...ids: string[]) => ({
  format: 'GENERIC',
  packages: { app: ids.map((id) => ({ id, createTime: old, files: { 'a.txt': `content of ${id}` } })) },
});
const quick = ['--initial-delay', '1', '--max-delay', '1'];
const between = ['--source', leader, '--destination', one];
const secret = 'Bearer planted-secret';

/** A data point, as JSON of OTLP. */
interface Point {
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue: string } }[];
  readonly asInt?: string | number;
  readonly asDouble?: number;
  readonly count?: string | number;
  readonly sum?: number;
}

/** Takes OTLP over HTTP, as a collector does. */
class Collector {
  readonly headers: IncomingHttpHeaders[] = [];
  readonly exports: Record<string, unknown>[] = [];
  readonly #server: Server;
  #arrived = () => {};

  /** @param hangs never answers */
  constructor({ hangs = false, status = 200 } = {}) {
    this.#server = createServer((request, response) => {
      let text = '';
      request.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
      });
      request.on('end', () => {
        this.headers.push({ ...request.headers, url: request.url });
        this.exports.push(JSON.parse(text));
        this.#arrived();
        if (!hangs) response.writeHead(status, { 'content-type': 'application/json' }).end(`{}`);
      });
    });
  }

  /** @returns the endpoint */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => {
      this.#server.listen(0, '127.0.0.1', resolve);
    });
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The last export's points as `name{labels}` with their value: a sum, or how many a histogram has. */
  points(): Map<string, number> {
    const last = this.exports.at(-1) as { resourceMetrics: { scopeMetrics: { metrics: Named[] }[] }[] };
    const all = last.resourceMetrics.flatMap(({ scopeMetrics }) =>
      scopeMetrics.flatMap((one) => one.metrics),
    );
    return new Map(
      all.flatMap(
        (metric) =>
          (metric.sum ?? metric.histogram)?.dataPoints.map((point): [string, number] => {
            const labels = point.attributes.map(({ key, value }) => `${key}=${value.stringValue}`);
            return [
              `${metric.name}{${labels.join(',')}}`,
              Number(point.asInt ?? point.asDouble ?? point.count),
            ];
          }) ?? [],
      ),
    );
  }

  resource(): Record<string, string> {
    const last = this.exports.at(-1) as { resourceMetrics: { resource: Pick<Point, 'attributes'> }[] };
    const attributes = last.resourceMetrics[0]?.resource.attributes ?? [];
    return Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue]));
  }

  /** Waits until an export makes it true. */
  async until(isThere: () => boolean): Promise<void> {
    while (!isThere())
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

interface Named {
  readonly name: string;
  readonly sum?: { readonly dataPoints: readonly Point[] };
  readonly histogram?: { readonly dataPoints: readonly Point[] };
}

const otlp = suite('OTLP');
let emulator: Emulator;
const opened: Collector[] = [];

async function collector(options?: { hangs?: boolean; status?: number }) {
  const made = new Collector(options);
  opened.push(made);
  const endpoint = await made.listen();
  return { made, env: { REPLICATOR_EMULATOR_HOST: emulator.host, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } };
}

otlp.before(async () => {
  emulator = await startQuickEmulator();
  seed(emulator.registry, leader, content('1', '2', '3'));
  seed(emulator.registry, one, content('1'));
  seed(emulator.registry, two, content('extra'));
});
otlp.after.each(() => {
  for (const made of opened.splice(0)) made.close();
});
otlp.after(() => emulator.close());

otlp('a copy sends what it did, with the headers of the variable, which nobody sees', async () => {
  const { made, env } = await collector();
  const ended = await job(['copy', ...between, '--name', 'nightly', ...quick], {
    ...env,
    OTEL_EXPORTER_OTLP_HEADERS: `authorization=${encodeURIComponent(secret)}`,
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test,service.name=mine',
    CLOUD_RUN_EXECUTION: 'nightly-x7',
    CLOUD_RUN_TASK_INDEX: '0',
  });
  assert.is(ended.code, 0, ended.stderr);
  const points = made.points();
  assert.is(points.get('replicator.runs{state=succeeded}'), 1);
  assert.is(points.get('replicator.runs{state=failed}'), 0);
  assert.is(points.get('replicator.runs_in_progress{}'), 0);
  assert.is(points.get(`replicator.copied{destination=${one}}`), 3);
  assert.is(points.get(`replicator.failures{destination=${one}}`), 0);
  assert.is(points.get('replicator.duration{state=succeeded}'), 1);
  assert.is(points.get(`replicator.lag{destination=${one}}`), 1);
  const names = new Set([...points.keys()].map((key) => key.replace(/\{.*/, '')));
  names.delete('replicator.runs_in_progress');
  assert.equal(
    [...names].sort(),
    Object.keys(metrics)
      .map((key) => `replicator.${key}`)
      .sort(),
  );
  const { 'service.version': version, ...resource } = made.resource();
  assert.match(version ?? '', /^\d/);
  assert.equal(resource, {
    'service.name': 'mine',
    'service.instance.id': 'nightly-x7/0',
    'replicator.command': 'copy',
    'replicator.name': 'nightly',
    'deployment.environment.name': 'test',
  });
  const [headers] = made.headers;
  assert.equal([headers?.url, headers?.authorization], ['/v1/metrics', secret]);
  assert.not.ok(`${ended.stdout}${ended.stderr}`.includes('planted-secret'));
});

otlp(
  'a mirror, a verification that finds a difference and a dry run count too; a plan does not',
  async () => {
    const { made, env } = await collector();
    const mirror = ['mirror', '--source', leader, '--destination', two, '--max-deletion-share', '1'];
    assert.is((await job(['copy', '--source', leader, '--destination', two, ...quick], env)).code, 0);
    const before = made.exports.length;
    assert.is((await job([...mirror, '--claim'], env)).code, 0);
    assert.is((await job(['plan', '--source', leader, '--destination', two], env)).code, 0);
    assert.is(made.exports.length, before);
    assert.is((await job([...mirror, '--dry-run'], env)).code, 0);
    assert.is(made.points().get('replicator.runs{state=dryRun}'), 1);
    assert.is(made.points().get(`replicator.deleted{destination=${two}}`), 0);
    assert.is((await job(['verify', '--source', leader, '--destination', two], env)).code, 1);
    assert.is(made.points().get('replicator.runs{state=failed}'), 1);
    assert.is(made.points().get(`replicator.failures{destination=${two}}`), 1);
    assert.is((await job(mirror, env)).code, 0);
    assert.is(made.points().get(`replicator.deleted{destination=${two}}`), 1);
  },
);

otlp("a collector that is gone, refuses or hangs is a warning; the exit code is the run's", async () => {
  const [gone, refusing, hanging] = await Promise.all([
    collector(),
    collector({ status: 401 }),
    collector({ hangs: true }),
  ]);
  gone.made.close();
  const cases = [
    [gone.env, /could not be sent to http:.*\/: .*ECONNREFUSED/],
    [refusing.env, /could not be sent to http:.*: it answered 401/],
    [hanging.env, /could not be sent to http:.*: Request timed out/],
  ] as const;
  await Promise.all(
    cases.map(async ([env, expected]) => {
      const wrong = { ...env, DESTINATION_REPOSITORY: name('europe-north1') };
      const ended = await job(['verify', '--source', leader], wrong);
      assert.is(ended.code, 1, ended.stderr);
      const over = Date.now();
      const entries = entriesOf(ended) as (Entry & { readonly time: string })[];
      const warnings = entries.filter(({ replicator }) => replicator.phase === 'metrics');
      assert.is(warnings.length, 1, ended.stderr);
      assert.is(warnings[0]?.severity, 'WARNING');
      assert.match(warnings[0]?.message ?? '', expected);
      const last = Date.parse(entries.at(-2)?.time ?? '');
      // Three seconds for the collector; the others for a machine that is slow.
      assert.ok(over - last < 6000, `${over - last} ms after the run`);
    }),
  );
});

otlp('turned off, nothing is sent', async () => {
  const { made, env } = await collector();
  const ended = await job(['verify', ...between], { ...env, OTEL_SDK_DISABLED: 'true' });
  assert.is(ended.code, 0, ended.stderr);
  assert.equal(made.exports, []);
});

otlp('serve sends the figures that it shows, again and again, and the last ones when it goes', async () => {
  const { made, env } = await collector();
  const args = ['serve', ...between, '--port', '0', '--host', '127.0.0.1', '--auth', 'none', ...quick];
  const running = startJob(args, { ...env, OTEL_METRIC_EXPORT_INTERVAL: '100' });
  const [, url = ''] = await running.said(/listening on (http:\/\/[\d.]+:\d+)/);
  assert.is((await send(`${url}/copy`, 'POST')).status, 200);
  const runs = () => made.points().get('replicator.runs{state=succeeded}');
  await made.until(() => made.exports.length > 0 && runs() === 1);
  const { body } = await send(`${url}/metrics`);
  assert.match(body, /^replicator_runs_total\{state="succeeded"\} 1$/m);
  assert.match(body, new RegExp(`^replicator_copied_total\\{destination="${one}"\\} 3$`, 'm'));
  assert.match(body, new RegExp(`^replicator_lag_count\\{destination="${one}"\\} 1$`, 'm'));
  running.child.kill('SIGTERM');
  const ended = await running.ended;
  assert.is(ended.code, 0, ended.stderr);
  assert.is(entriesOf(ended).at(-1)?.message, 'down');
});

otlp('without an endpoint nothing of OpenTelemetry is loaded', async () => {
  const { metafile } = await build({
    entryPoints: ['job/cli.ts'],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    splitting: true,
    outdir: 'unwritten',
  });
  const entry = Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint === 'job/cli.ts');
  const seen = new Set<string>();
  const follow = (output: string): string[] => {
    if (seen.has(output)) return [];
    seen.add(output);
    return (metafile.outputs[output]?.imports ?? [])
      .filter(({ kind }) => kind === 'import-statement')
      .flatMap(({ path, external }) => (external ? [path] : follow(path)));
  };
  const loaded = follow(entry?.[0] ?? '');
  assert.ok(loaded.includes('google-auth-library') || loaded.includes('p-map'), loaded.join(' '));
  assert.equal(
    loaded.filter((path) => path.startsWith('@opentelemetry')),
    [],
  );
});

otlp.run();
