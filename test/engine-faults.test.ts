/** Faults at any request, hostile servers, kills: the same end, or a clear failure with nothing broken left behind. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  blobIn,
  copyAll,
  descriptorOf,
  imageIn,
  indexIn,
  missingIn,
  tagsOf,
  types,
} from '../job/engine/testing.ts';
import {
  type FakeRegistry,
  type FakeRepository,
  type Hook,
  startFakeRegistry,
  withTwoRegistries,
} from '../job/oci/testing.ts';

const test = suite('engine, faults');

const withTwo = (body: Parameters<typeof withTwoRegistries>[0]) =>
  withTwoRegistries(body, { referrers: true });

/** A small repository with something of everything. */
function fill(from: FakeRepository): void {
  const amd = imageIn(from, ['shared', 'amd', Buffer.alloc(200_000, 'a')]);
  const arm = imageIn(from, ['shared', 'arm'], { platform: { os: 'linux', architecture: 'arm64' } });
  indexIn(from, [amd, indexIn(from, [arm])], 'multi');
  const single = imageIn(from, ['shared', 'single'], { tag: 'single' });
  from.tags.set('also', single);
  imageIn(from, ['sbom'], { subject: descriptorOf(from, single) });
}

function isWhole(source: FakeRepository, destination: FakeRepository): boolean {
  const tags = Object.entries(tagsOf(source));
  return tags.every(
    ([tag, digest]) => destination.tags.get(tag) === digest && missingIn(destination, digest).length === 0,
  );
}

/** Every tag that is there leads to something whole. */
function checkTags(repository: FakeRepository): void {
  for (const [tag, digest] of repository.tags) assert.equal(missingIn(repository, digest), [], tag);
}

/** Ways in which a server goes wrong once. Each answers in place of the right answer, or spoils that. */
const faults: Record<string, (response: ServerResponse) => boolean> = {
  reset: (response) => {
    response.socket?.resetAndDestroy();
    return true;
  },
  'reset in the middle': (response) => spoil(response, (body) => body.subarray(0, body.length >> 1), true),
  truncated: (response) => spoil(response, (body) => body.subarray(0, Math.max(0, body.length - 1)), true),
  'wrong bytes': (response) =>
    spoil(response, (body) => Buffer.from(body.map((byte, i) => (i === 0 ? byte ^ 1 : byte)))),
  'wrong length': (response) => spoil(response, (body) => Buffer.concat([body, Buffer.from('x')])),
  429: (response) => status(response, 429, { 'retry-after': '0' }),
  500: (response) => status(response, 500),
  503: (response) => status(response, 503),
  401: (response) => status(response, 401),
  403: (response) => status(response, 403),
  404: (response) => status(response, 404),
  slow: (response) => {
    const { end } = response;
    response.end = ((...args: Parameters<typeof end>) => {
      setTimeout(() => end.apply(response, args), 30);
      return response;
    }) as typeof end;
    return false;
  },
};

function status(response: ServerResponse, code: number, headers: Record<string, string> = {}): boolean {
  response.writeHead(code, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify({ errors: [{ code: 'FAULT', message: `on order: ${code}` }] }));
  return true;
}

/** Lets the answer through with another body. @param cut the head promises the whole, and the connection ends */
function spoil(response: ServerResponse, change: (body: Buffer) => Buffer, cut = false): boolean {
  const { writeHead, end } = response;
  let head: [number, Record<string, string>] = [200, {}];
  response.writeHead = ((code: number, headers: Record<string, string>) => {
    head = [code, headers];
    return response;
  }) as typeof writeHead;
  response.end = ((body?: string | Buffer) => {
    response.writeHead = writeHead;
    response.end = end;
    const whole = Buffer.from(body ?? '');
    const changed = change(whole);
    const length = cut ? whole.length : changed.length;
    response.writeHead(head[0], {
      ...head[1],
      ...(body !== undefined && { 'content-length': String(length) }),
    });
    if (cut && whole.length > 0) response.write(changed, () => response.socket?.destroy());
    else response.end(body === undefined ? undefined : changed);
    return response;
  }) as typeof end;
  return false;
}

for (const [name, fault] of Object.entries(faults))
  test(`${name} at any request`, () =>
    withTwo(async (source, destination) => {
      const from = source.repository('from/app');
      fill(from);
      assert.is((await copyAll(source, destination)).error, undefined);
      const requests = { source: source.came.length, destination: destination.came.length };
      for (const side of ['source', 'destination'] as const)
        for (let at = 0; at < requests[side]; at++) {
          destination.repositories.clear();
          let seen = 0;
          const hook: Hook = (_came, response) => seen++ === at && fault(response);
          source.hook = side === 'source' ? hook : undefined;
          destination.hook = side === 'destination' ? hook : undefined;
          const outcome = await copyAll(source, destination);
          const to = destination.repository('to/app');
          checkTags(to);
          const what = `${name} at request ${at} of the ${side}`;
          // Who says that there is no such list, or no such repository, is believed: others say so for good reason.
          if (outcome.state === 'succeeded') assert.ok(name === '404' || isWhole(from, to), what);
          else assert.ok(outcome.error, what);
          source.hook = undefined;
          destination.hook = undefined;
          assert.is((await copyAll(source, destination)).error, undefined, what);
          assert.ok(isWhole(from, to), `the run after ${what}`);
        }
    }));

for (const knowsRanges of [true, false])
  test(`a broken GET goes on where it broke off, and nothing is sent twice, ${knowsRanges ? 'by Range' : 'from a server without ranges'}`, () =>
    withTwo(async (source, destination) => {
      const content = Buffer.from(Array.from({ length: 900_000 }, (_, i) => i % 251));
      imageIn(source.repository('from/app'), [content], { tag: '1' });
      let cuts = 0;
      const ranges: (string | undefined)[] = [];
      source.hook = ({ url, headers }, response) => {
        if (!url.includes('/blobs/')) return false;
        if (headers.range !== undefined) ranges.push(headers.range);
        if (!knowsRanges) headers.range = undefined;
        if (cuts++ >= 3) return false;
        return spoil(response, (body) => body.subarray(0, Math.min(body.length >> 1, 300_000)), true);
      };
      const outcome = await copyAll(source, destination);
      assert.is(outcome.error, undefined);
      assert.ok(ranges.length > 0, 'it asked for the rest');
      const puts = destination.came.filter(
        ({ method, url }) => method === 'PUT' && url.includes('/uploads/'),
      );
      assert.is(puts.length, 2);
      checkTags(destination.repository('to/app'));
      assert.is(outcome.counts.bytes, outcome.counts.bytesWanted);
    }));

test('random small repositories: equal after enough runs, or the source is named as broken', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          kind: fc.constantFrom('image', 'index', 'attached', 'bad size', 'no blob', 'no child'),
          layers: fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 3 }),
          of: fc.array(fc.nat(20), { maxLength: 3 }),
          tags: fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 2 }),
          app: fc.constantFrom('a', 'team/b'),
        }),
        { maxLength: 8 },
      ),
      fc.array(
        fc.record({
          at: fc.nat(60),
          fault: fc.constantFrom(...Object.keys(faults).filter((name) => name !== '404')),
          isSource: fc.boolean(),
        }),
        { maxLength: 3 },
      ),
      (parts, wrongs) =>
        withTwo(async (source, destination) => {
          const broken = build(source, parts);
          const hookOf = (isSource: boolean): Hook => {
            let seen = 0;
            return (_came, response) => {
              const at = seen++;
              const wrong = wrongs.find((each) => each.isSource === isSource && each.at === at);
              return wrong ? (faults[wrong.fault]?.(response) ?? false) : false;
            };
          };
          [source.hook, destination.hook] = [hookOf(true), hookOf(false)];
          await copyAll(source, destination);
          for (const to of destination.repositories.values()) checkTags(to);
          [source.hook, destination.hook] = [undefined, undefined];
          const outcome = await copyAll(source, destination);
          for (const [path, from] of source.repositories) {
            const to = destination.repository(path.replace('from', 'to'));
            checkTags(to);
            for (const [tag, digest] of from.tags) {
              const what = `${path.slice('from/'.length)}:${tag}`;
              if (broken.has(`${path} ${digest}`))
                assert.ok(
                  outcome.failures.some(
                    (failed) => failed.what === what && /the source is at fault/.test(failed.why),
                  ),
                  `${what} is named: ${JSON.stringify(outcome.failures)}`,
                );
              else assert.is(to.tags.get(tag), digest, what);
            }
          }
          assert.is(outcome.failures.length > 0, outcome.state !== 'succeeded');
          destination.came.length = 0;
          await copyAll(source, destination);
          if (broken.size === 0)
            assert.not.ok(
              destination.came.some(({ method }) => method !== 'GET' && method !== 'HEAD'),
              'nothing to do',
            );
        }),
    ),
    { numRuns: 60 },
  ));

interface Part {
  kind: string;
  layers: number[];
  of: number[];
  tags: number[];
  app: string;
}

/** Puts what is described into a source. @returns `PATH DIGEST` of what can't be copied */
function build(source: FakeRegistry, parts: readonly Part[]): Set<string> {
  const broken = new Set<string>();
  const made: { path: string; digest: string }[] = [];
  for (const [number, { kind, layers, of, tags, app }] of parts.entries()) {
    const path = `from/${app}`;
    const from = source.repository(path);
    const others = of
      .map((index) => made[index % Math.max(1, made.length)])
      .filter((each) => each?.path === path);
    const digests = [...new Set(others.flatMap((each) => (each ? [each.digest] : [])))];
    let digest: string;
    let isBad = digests.some((each) => kind === 'index' && broken.has(`${path} ${each}`));
    if (kind === 'index') digest = indexIn(from, digests);
    else if (kind === 'no child') {
      const child = {
        mediaType: types.manifest,
        digest: `sha256:${String(number).padStart(64, '0')}`,
        size: 9,
      };
      digest = from.manifest(types.index, { schemaVersion: 2, mediaType: types.index, manifests: [child] });
      isBad = true;
    } else if (kind === 'bad size' || kind === 'no blob') {
      const layer = blobIn(from, `bad ${number}`);
      if (kind === 'no blob') from.blobs.delete(layer.digest);
      digest = from.manifest(types.manifest, {
        schemaVersion: 2,
        config: blobIn(from, '{}', types.config),
        layers: [{ ...layer, size: layer.size + (kind === 'bad size' ? 1 : 0) }],
      });
      isBad = true;
    } else {
      const [subject] = kind === 'attached' ? digests : [];
      // What is attached to something broken can't come before it.
      isBad ||= subject !== undefined && broken.has(`${path} ${subject}`);
      digest = imageIn(
        from,
        layers.map((layer) => `layer ${layer}`),
        {
          ...(subject !== undefined && { subject: descriptorOf(from, subject) }),
        },
      );
    }
    if (isBad) broken.add(`${path} ${digest}`);
    for (const tag of tags) from.tags.set(`t${tag}`, digest);
    made.push({ path, digest });
  }
  return broken;
}

test('a reader that looks all the time never finds a tag on something that is not whole', () =>
  withTwo(async (source, destination) => {
    const from = source.repository('from/app');
    for (let i = 0; i < 30; i++) {
      const images = [1, 2].map((n) => imageIn(from, [`${i} ${n}`, Buffer.alloc(70_000, `${i % 7}`)]));
      indexIn(from, images, `v${i}`);
      const signature = imageIn(from, [`signs ${i}`], {
        subject: descriptorOf(from, from.tags.get(`v${i}`) ?? ''),
      });
      assert.ok(signature);
    }
    const to = destination.repository('to/app');
    // Some tags are elsewhere already and move.
    for (let i = 0; i < 10; i++) imageIn(to, [`old ${i}`], { tag: `v${i}` });
    let looks = 0;
    destination.hook = () => {
      looks++;
      checkTags(to);
      return false;
    };
    assert.is((await copyAll(source, destination)).error, undefined);
    assert.ok(looks > 200);
    assert.ok(isWhole(from, to));
  }));

test('what will befall all stops at once', () =>
  withTwo(async (source, destination) => {
    const from = source.repository('from/app');
    for (let i = 0; i < 300; i++) imageIn(from, [`layer ${i}`], { tag: `v${i}` });
    for (const [code, message] of [
      [401, 'who are you'],
      [403, 'not you'],
      [500, 'write /data: no space left on device'],
      [507, 'full'],
    ] as const) {
      destination.repositories.clear();
      destination.came.length = 0;
      destination.hook = ({ method }, response) => {
        if (method !== 'POST') return false;
        response.writeHead(code);
        response.end(JSON.stringify({ errors: [{ code: 'X', message }] }));
        return true;
      };
      const outcome = await copyAll(source, destination);
      assert.is(outcome.state, 'failed', String(code));
      assert.match(outcome.error ?? '', new RegExp(message));
      assert.is(outcome.failures.length, 1);
      assert.ok(destination.came.length < 150, `${destination.came.length} requests after a ${code}`);
    }
  }));

test('a side that is out of reach ends the run, and is named', () =>
  withTwo(async (source, destination) => {
    for (let i = 0; i < 50; i++) imageIn(source.repository('from/app'), [`layer ${i}`], { tag: `v${i}` });
    destination.hook = ({ method }, response) => method !== 'GET' && faults.reset?.(response) === true;
    const outcome = await copyAll(source, destination);
    assert.is(outcome.state, 'failed');
    assert.match(outcome.error ?? '', /cannot push the blob 127\.0\.0\.1:\d+\/to\/app@.* \(sent 5 times\)/);
  }));

const hostile: Record<string, { hook: (evil: FakeRegistry) => Hook; error: RegExp }> = {
  'endless redirects': {
    hook:
      () =>
      ({ url }, response) => {
        if (!url.includes('/manifests/')) return false;
        response.writeHead(307, { location: `${url}x` });
        response.end();
        return true;
      },
    error: /more than 5 redirects/,
  },
  'a redirect to plain text elsewhere': {
    hook:
      () =>
      ({ url }, response) => {
        if (!url.includes('/blobs/')) return false;
        response.writeHead(307, { location: 'http://192.0.2.1/latest/meta-data' });
        response.end();
        return true;
      },
    error: /a redirect leads to http:\/\/192\.0\.2\.1, which is not encrypted/,
  },
  'a manifest of 10 GB': {
    hook:
      () =>
      ({ url }, response) => {
        if (!url.includes('/manifests/')) return false;
        response.writeHead(200, { 'content-type': types.manifest, 'content-length': String(10 * 2 ** 30) });
        response.write(Buffer.alloc(1 << 20));
        return true;
      },
    error: /the answer has 10737418240 bytes, more than 4194304/,
  },
  'a manifest that never ends': {
    hook:
      () =>
      ({ url }, response) => {
        if (!url.includes('/manifests/')) return false;
        response.writeHead(200, { 'content-type': types.manifest });
        const pour = () => {
          while (!response.destroyed && response.write(Buffer.alloc(1 << 20))) {}
          if (!response.destroyed) response.once('drain', pour);
        };
        pour();
        return true;
      },
    error: /the answer has more than 4194304 bytes/,
  },
  'a tag with ..': {
    hook:
      () =>
      ({ url }, response) => {
        if (!url.includes('/tags/')) return false;
        response.end(JSON.stringify({ tags: ['../../../other/manifests/latest'] }));
        return true;
      },
    error: /"\.\.\/\.\.\/\.\.\/other\/manifests\/latest" is no tag/,
  },
  'a repository with ..': {
    hook:
      () =>
      ({ url }, response) => {
        if (!url.includes('/_catalog')) return false;
        response.end(JSON.stringify({ repositories: ['from/../../admin'] }));
        return true;
      },
    error: /"from\/\.\.\/\.\.\/admin" is no path of a repository/,
  },
  'a digest that is none': {
    hook:
      () =>
      ({ url }, response) => {
        if (!url.includes('/manifests/')) return false;
        const layers = [{ mediaType: types.layer, digest: 'sha256:../../../../etc/passwd', size: 1 }];
        response.writeHead(200, { 'content-type': types.manifest });
        response.end(JSON.stringify({ schemaVersion: 2, layers }));
        return true;
      },
    error: /'layers\[0\]' has "sha256:\.\.\/\.\.\/\.\.\/\.\.\/etc\/passwd" for a digest/,
  },
  'a size that is none': {
    hook:
      () =>
      ({ url }, response) => {
        if (!url.includes('/manifests/')) return false;
        const layers = [{ mediaType: types.layer, digest: `sha256:${'0'.repeat(64)}`, size: -1e30 }];
        response.writeHead(200, { 'content-type': types.manifest });
        response.end(JSON.stringify({ schemaVersion: 2, layers }));
        return true;
      },
    error: /'layers\[0\]' has -1e\+30 for a size/,
  },
  'tags in a circle': {
    hook:
      () =>
      ({ url }, response) => {
        if (!url.includes('/tags/')) return false;
        response.writeHead(200, { link: `<${url}>; rel="next"` });
        response.end(JSON.stringify({ tags: ['a'] }));
        return true;
      },
    error: /leads in a circle/,
  },
  'a token of 1 MB': {
    hook:
      (evil) =>
      ({ url }, response) => {
        if (url.startsWith('/token')) response.end(JSON.stringify({ token: 'x'.repeat(1 << 20) }));
        else {
          response.writeHead(401, {
            'www-authenticate': `Bearer realm="${evil.origin}/token",service="evil"`,
          });
          response.end();
        }
        return true;
      },
    error: /cannot sign in at .*: the token of .* bytes, more than 65536/,
  },
};

for (const [name, { hook, error }] of Object.entries(hostile))
  test(`hostile: ${name}`, () =>
    withTwo(async (source, destination) => {
      imageIn(source.repository('from/app'), ['layer'], { tag: '1' });
      source.hook = hook(source);
      const outcome = await copyAll(source, destination, {}, { idle: 2000 });
      assert.is(outcome.state, 'failed');
      assert.match(outcome.error ?? '', error);
      assert.is(
        [...destination.repositories.values()].reduce(
          (sum, { tags, manifests }) => sum + tags.size + manifests.size,
          0,
        ),
        0,
      );
    }));

test('no credential arrives where a redirect leads', () =>
  withTwo(async (source, destination) => {
    const other = await startFakeRegistry();
    const folder = await import('node:fs/promises').then(({ mkdtemp }) => mkdtemp('/tmp/docker-config-'));
    const { rm, writeFile } = await import('node:fs/promises');
    try {
      const auth = Buffer.from('user:s3cret').toString('base64');
      await writeFile(`${folder}/config.json`, JSON.stringify({ auths: { [source.host]: { auth } } }));
      const from = source.repository('from/app');
      imageIn(from, ['layer'], { tag: '1' });
      for (const [digest, bytes] of from.blobs) other.repository('from/app').blobs.set(digest, bytes);
      source.hook = ({ url, headers }, response) => {
        if (headers.authorization !== `Basic ${auth}`) {
          response.writeHead(401, { 'www-authenticate': 'Basic realm="here"' });
          response.end();
          return true;
        }
        if (!url.includes('/blobs/')) return false;
        response.writeHead(307, { location: `${other.origin}${url}` });
        response.end();
        return true;
      };
      const outcome = await copyAll(source, destination, {}, { env: { DOCKER_CONFIG: folder } });
      assert.is(outcome.error, undefined);
      assert.ok(other.came.length >= 2);
      for (const { headers } of [...other.came, ...destination.came])
        assert.is(headers.authorization, undefined);
    } finally {
      await other.stop();
      await rm(folder, { recursive: true });
    }
  }));

test('killed and run again it goes on: what arrived is not sent again', () =>
  withTwo(async (source, destination) => {
    const from = source.repository('from/app');
    for (let i = 0; i < 40; i++)
      imageIn(from, [`layer ${i}`, Buffer.alloc(100_000, `${i}`)], { tag: `v${i}` });
    const code = `
      import { copyAll } from ${JSON.stringify(fileURLToPath(new URL('../job/engine/testing.ts', import.meta.url)))};
      await copyAll({ host: ${JSON.stringify(source.host)} }, { host: ${JSON.stringify(destination.host)} });`;
    const to = destination.repository('to/app');
    for (let kill = 0; kill < 3; kill++) {
      const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], {
        stdio: 'ignore',
      });
      const before = to.blobs.size;
      destination.hook = () => {
        if (to.blobs.size >= before + 10) child.kill('SIGKILL');
        checkTags(to);
        return false;
      };
      await once(child, 'exit');
    }
    const arrived = new Set(to.blobs.keys());
    assert.ok(arrived.size >= 30 && arrived.size < from.blobs.size, `${arrived.size}`);
    destination.came.length = 0;
    destination.hook = undefined;
    assert.is((await copyAll(source, destination)).error, undefined);
    assert.ok(isWhole(from, to));
    const sent = destination.came.filter(({ method, url }) => method === 'PUT' && url.includes('digest='));
    for (const { url } of sent)
      assert.not.ok(arrived.has(new URL(url, destination.origin).searchParams.get('digest') ?? ''), url);
  }));

test.run();
