/** The server itself: faults on order over HTTP and in-process, absolute URLs, what it tells of requests, errors. */
import { request } from 'node:http';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Answered } from '../emulator/answer.ts';
import { drivenClock, realClock } from '../emulator/clock.ts';
import { seed } from '../emulator/registry/seed.ts';
import { type Emulator, type EmulatorOptions, startEmulator } from '../emulator/server.ts';
import { blob, image, push, pushBlob } from './images.ts';
import { send } from './rest.ts';

const name = 'projects/p/locations/us/repositories/r';
const path = 'us/p/r/app';

async function using(options: EmulatorOptions, body: (emulator: Emulator) => Promise<void>): Promise<void> {
  const emulator = await startEmulator({ clock: drivenClock(), ...options });
  seed(emulator.registry, name);
  try {
    await body(emulator);
  } finally {
    await emulator.close();
  }
}

const failure = async (work: Promise<unknown>): Promise<Error & { cause?: { code?: string } }> => {
  try {
    await work;
  } catch (error) {
    return error as Error & { cause?: { code?: string } };
  }
  throw new Error('nothing failed');
};

test('a status, with headers and body or the shape of the protocol', () =>
  using(
    {
      faults: [
        { path: '/v1/*/repositories/r', times: 1, status: 429, headers: { 'retry-after': '7' } },
        { path: '/v1/*/repositories/r', times: 1, status: 500, body: 'plain text' },
        { path: '/v1/*/repositories/r', times: 1, status: 403, body: { error: { message: 'no' } } },
        { method: 'HEAD', path: '/v2/*', times: 1, status: 503 },
        { path: '/v2/*', status: 429, headers: { 'retry-after': '1' } },
      ],
    },
    async ({ url }) => {
      const first = await send(`${url}/v1/${name}`);
      assert.equal([first.status, first.headers.get('retry-after')], [429, '7']);
      assert.is(first.body.error.status, 'RESOURCE_EXHAUSTED');
      assert.is((await send(`${url}/v1/${name}`)).body, 'plain text');
      assert.equal((await send(`${url}/v1/${name}`)).body, { error: { message: 'no' } });
      assert.is((await send(`${url}/v1/${name}`)).status, 200);
      assert.is((await send(`${url}/v2/${path}/manifests/v1`, 'HEAD')).status, 503);
      assert.is((await send(`${url}/v2/`)).body.errors[0].code, 'TOOMANYREQUESTS');
    },
  ));

test('a dropped connection, over HTTP and in-process, and nothing was done', () =>
  using(
    { faults: [{ method: 'DELETE', path: '*', times: 2, reset: true }] },
    async ({ url, context: { dispatch } }) => {
      const { cause } = await failure(fetch(`${url}/v1/${name}`, { method: 'DELETE' }));
      assert.is(cause?.code, 'ECONNRESET');
      const real = `https://artifactregistry.googleapis.com/v1/${name}`;
      const error = await failure(dispatch(new Request(real, { method: 'DELETE' })));
      assert.instance(error, TypeError);
      assert.is(error.cause?.code, 'ECONNRESET');
      assert.is((await dispatch(new Request(real))).status, 200);
      assert.is((await dispatch(new Request(real, { method: 'DELETE' }))).status, 200);
    },
  ));

test('an answer that is cut, over HTTP and in-process', () =>
  using(
    { faults: [{ method: 'GET', path: '*', times: 4, truncate: 5 }] },
    async ({ url, context: { dispatch } }) => {
      const content = blob(Buffer.alloc(100_000, 'z'));
      await pushBlob(url, path, content);
      for (const address of [`v2/${path}/blobs/${content.digest}`, `v1/${name}`]) {
        const whole = await fetch(`${url}/${address}`);
        assert.is(whole.status, 200);
        assert.ok(Number(whole.headers.get('content-length') ?? 6) > 5);
        assert.instance(await failure(whole.arrayBuffer()), TypeError);
        const inside = await dispatch(new Request(`https://us-docker.pkg.dev/${address}`));
        assert.is(inside.status, 200);
        assert.instance(await failure(inside.arrayBuffer()), TypeError);
      }
      assert.is(
        (await (await fetch(`${url}/v2/${path}/blobs/${content.digest}`)).arrayBuffer()).byteLength,
        100_000,
      );
    },
  ));

test('a delay goes by the emulator’s clock and with other faults', async () => {
  const rules = [{ path: '/v1/*', times: 1, delay: 3600, status: 503 }];
  const clock = drivenClock({ auto: true });
  await using({ faults: rules, clock }, async ({ url }) => {
    const start = clock.now();
    assert.is((await send(`${url}/v1/${name}`)).status, 503);
    assert.is(clock.now() - start, 3_600_000);
  });
  await using({ faults: rules, clock: realClock(36_000) }, async ({ url }) => {
    assert.is((await send(`${url}/v1/${name}`)).status, 503);
    assert.is((await send(`${url}/v1/${name}`)).status, 200);
  });
});

test('a quota goes by the second of the emulator’s clock', async () => {
  const clock = drivenClock();
  await using({ clock, faults: [{ path: '/v1/*', perSecond: 3, status: 429 }] }, async ({ url }) => {
    for (let second = 0; second < 2; second++) {
      const statuses = [];
      for (let n = 0; n < 5; n++) statuses.push((await send(`${url}/v1/${name}`)).status);
      assert.equal(statuses, [200, 200, 200, 429, 429]);
      await clock.advance(1000);
    }
  });
});

test('faults can be set anew while it runs', () =>
  using({}, async ({ url, faults }) => {
    assert.is((await send(`${url}/v1/${name}`)).status, 200);
    faults.set([{ path: '/v1/*', times: 1, status: 503 }]);
    assert.is((await send(`${url}/v1/${name}`)).status, 503);
    assert.is((await send(`${url}/v1/${name}`)).status, 200);
    assert.throws(() => faults.set([{ path: '/v1/*' }]), /nothing to do/);
    faults.set([]);
  }));

test('a client that gives up ends the wait', async () => {
  const clock = drivenClock();
  await using({ clock, faults: [{ path: '/v1/*', delay: 60 }] }, async ({ context: { dispatch } }) => {
    const signal = AbortSignal.timeout(20);
    const error = await failure(dispatch(new Request(`https://x/v1/${name}`, { signal })));
    assert.is(error.name, 'SleepCancelled');
  });
});

test('a request that is none is refused in the shape too', () =>
  using({}, async ({ port }) => {
    const [status, body] = await new Promise<[number | undefined, string]>((resolve, reject) => {
      request({ port, host: '127.0.0.1', path: `/v1/${name}`, headers: { host: 'a b' } }, async (got) => {
        let text = '';
        for await (const piece of got) text += piece;
        resolve([got.statusCode, text]);
      })
        .on('error', reject)
        .end();
    });
    assert.is(status, 400);
    assert.is(JSON.parse(body).error.status, 'INVALID_ARGUMENT');
  }));

test('every request is told of, with its status and without the scheme and host it was sent to', async () => {
  const seen: Answered[] = [];
  await using(
    { onRequest: (answered) => seen.push(answered), faults: [{ path: '/v1/gone', reset: true }] },
    async ({ url, port, context: { dispatch } }) => {
      await push(url, path, image('one'), 'v1');
      const pushed = seen.splice(0);
      assert.equal(
        pushed.map(({ method, status }) => `${method} ${status}`),
        ['POST 202', 'PUT 201', 'POST 202', 'PUT 201', 'PUT 201'],
      );
      await dispatch(new Request(`https://artifactregistry.googleapis.com/v1/${name}?alt=json`));
      await failure(fetch(`${url}/v1/gone`));
      await fetch(`${url}/v2/${path}/blobs/${image('one').blobs[0]?.digest}`).then((got) => got.text());
      const proxied = await new Promise<number | undefined>((resolve, reject) => {
        request(
          {
            port,
            host: '127.0.0.1',
            path: `http://run.test:${port}/v1/${name}?alt=json`,
            headers: { host: `run.test:${port}` },
          },
          (got) => {
            got.resume();
            resolve(got.statusCode);
          },
        )
          .on('error', reject)
          .end();
      });
      assert.is(proxied, 200);
      assert.equal(
        seen.map((each) => `${each.method} ${each.path}${each.query} ${each.status}`),
        [
          `GET /v1/${name}?alt=json 200`,
          'GET /v1/gone 0',
          `GET /v2/${path}/blobs/${image('one').blobs[0]?.digest} 200`,
          `GET /v1/${name}?alt=json 200`,
        ],
      );
    },
  );
});

test('in-process requests push and pull like any other', () =>
  using({}, async ({ context: { dispatch } }) => {
    const content = blob('content');
    const host = 'https://us-docker.pkg.dev';
    const start = await dispatch(new Request(`${host}/v2/${path}/blobs/uploads/`, { method: 'POST' }));
    const location = new URL(start.headers.get('location') ?? '', host);
    location.searchParams.set('digest', content.digest);
    const end = await dispatch(new Request(location, { method: 'PUT', body: content.bytes }));
    assert.is(end.status, 201);
    const got = await dispatch(new Request(`${host}/v2/${path}/blobs/${content.digest}`));
    assert.is(await got.text(), 'content');
    const head = await dispatch(
      new Request(`${host}/v2/${path}/blobs/${content.digest}`, { method: 'HEAD' }),
    );
    assert.is(head.headers.get('content-length'), '7');
  }));

test('what goes wrong inside is 500 without its reasons', () =>
  using({}, async ({ url, registry }) => {
    const { error } = console;
    const told: unknown[] = [];
    console.error = (...what) => told.push(...what);
    try {
      registry.find = () => {
        throw new Error('a secret');
      };
      const rest = await send(`${url}/v1/${name}`);
      assert.is(rest.status, 500);
      const message = 'Internal error encountered.';
      assert.equal(rest.body, { error: { code: 500, message, status: 'INTERNAL' } });
      const oci = await send(`${url}/v2/${path}/tags/list`);
      assert.is(oci.status, 500);
      assert.equal(oci.body, { errors: [{ code: 'UNKNOWN', message }] });
      assert.is(told.length, 2);
      assert.match(String(told[0]), 'a secret');
    } finally {
      console.error = error;
    }
  }));

test('options that can’t be honoured are refused at the start', async () => {
  assert.match((await failure(startEmulator({ faults: [{ path: '/x' }] }))).message, /fault 1/);
  const emulator = await startEmulator();
  const { code } = (await failure(startEmulator({ port: emulator.port }))) as { code?: string };
  assert.is(code, 'EADDRINUSE');
  await emulator.close();
  await emulator.close();
});

test.run();
