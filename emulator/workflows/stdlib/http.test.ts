// https://cloud.google.com/workflows/docs/http-requests and …/reference/stdlib/http
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { bed, indent } from '../testing.ts';

interface Seen {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** Runs one call against a stub of Google's hosts, and tells what arrived and what came of it. */
async function call(
  name: string,
  args: string,
  answer: (seen: Seen) => Response = () => Response.json({ ok: true }),
) {
  const seen: Seen[] = [];
  const { run } = bed({
    dispatch: async (request) => {
      const one = {
        method: request.method,
        url: request.url,
        headers: Object.fromEntries(request.headers),
        body: await request.text(),
      };
      seen.push(one);
      return answer(one);
    },
  });
  const done = await run(
    `- c:\n    call: ${name}\n    args:\n${indent(args, 6)}\n    result: r\n- e:\n    return: \${r}\n`,
  );
  return { seen: seen[0] as Seen, value: done.value as Record<string, unknown>, state: done.state };
}

test('get: query, headers, the service’s agent, a token', async () => {
  const { seen, value } = await call(
    'http.get',
    'url: https://artifactregistry.googleapis.com/v1/x?a=1\nquery: {b: "x y&", c: [1, true], d: 1.5}\nheaders: {X-Mine: "1", User-Agent: me}\nauth: {type: OAuth2, scopes: ["https://www.googleapis.com/auth/cloud-platform"]}\ntimeout: 10',
  );
  assert.is(seen.method, 'GET');
  assert.is(seen.url, 'https://artifactregistry.googleapis.com/v1/x?a=1&b=x+y%26&c=1&c=true&d=1.5');
  assert.is(seen.headers['x-mine'], '1');
  assert.is(
    seen.headers['user-agent'],
    'me GoogleCloudWorkflows; (+https://cloud.google.com/workflows/docs)',
  );
  assert.match(seen.headers.authorization ?? '', /^Bearer /);
  assert.is(seen.headers['content-type'], undefined);
  assert.equal(value, { body: { ok: true }, code: 200, headers: { 'Content-Type': 'application/json' } });
});

test('post, put, patch, delete, request', async () => {
  for (const [name, method] of [
    ['post', 'POST'],
    ['put', 'PUT'],
    ['patch', 'PATCH'],
    ['delete', 'DELETE'],
  ] as const) {
    const { seen } = await call(
      `http.${name}`,
      'url: https://a.googleapis.com/x\nbody: {k: [1, 1.5, null, "é"]}',
    );
    assert.is(seen.method, method);
    assert.is(seen.headers['content-type'], 'application/json; charset=utf-8');
    assert.is(seen.body, '{"k":[1,1.5,null,"é"]}');
  }
  const { seen } = await call('http.request', 'url: https://a.googleapis.com/x\nmethod: options');
  assert.is(seen.method, 'OPTIONS');
});

test('bodies by content type', async () => {
  const url = 'url: https://a.googleapis.com/x';
  const bytes = await call('http.post', `${url}\nbody: \${text.encode("raw")}`);
  assert.is(bytes.seen.body, 'raw');
  assert.is(bytes.seen.headers['content-type'], 'application/octet-stream');
  const text = await call(
    'http.post',
    `${url}\nbody: a=b\nheaders: {Content-Type: application/x-www-form-urlencoded}`,
  );
  assert.is(text.seen.body, 'a=b');
  const form = await call(
    'http.post',
    `${url}\nbody: {a: b c}\nheaders: {content-type: application/x-www-form-urlencoded}`,
  );
  assert.is(form.seen.body, 'a=b+c');
  const string = await call('http.post', `${url}\nbody: text`);
  assert.is(string.seen.body, '"text"');
});

test('responses by content type', async () => {
  const url = 'url: https://a.googleapis.com/x';
  const body = async (content: string | null, type?: string) =>
    (
      await call(
        'http.get',
        url,
        () => new Response(content, { headers: type ? { 'content-type': type } : {} }),
      )
    ).value.body;
  assert.equal(await body('{"a": [1, null]}', 'application/json; charset=UTF-8'), { a: [1, null] });
  assert.is(await body('{"a"', 'application/json'), '{"a"');
  assert.is(await body('', 'application/json'), null);
  assert.is(await body('hé', 'text/html; charset=utf-8'), 'hé');
  assert.is(await body(null), null);
  const { value } = await call(
    'http.get',
    url,
    () => new Response(new Uint8Array([255]), { headers: { 'content-type': 'application/octet-stream' } }),
  );
  assert.match(value.message as string, /bytes can't be encoded as JSON/);
});

test('a status of 400 and above raises HttpError with everything', async () => {
  const { value, state } = await call('http.get', 'url: https://a.googleapis.com/x', () =>
    Response.json({ error: { code: 403 } }, { status: 403, headers: { 'x-why': 'because' } }),
  );
  assert.is(state, 'FAILED');
  assert.equal(value, {
    body: { error: { code: 403 } },
    code: 403,
    headers: { 'Content-Type': 'application/json', 'X-Why': 'because' },
    message: 'HTTP server responded with error code 403',
    tags: ['HttpError'],
  });
});

const refused: [name: string, call: string, args: string, message: RegExp][] = [
  ['a URL that is none', 'http.get', 'url: nope', /ValueError: http.get: 'nope' is not an http or https URL/],
  ['another scheme', 'http.get', 'url: "ftp://a"', /is not an http or https URL/],
  [
    'a URL that is a number',
    'http.get',
    'url: 1',
    /TypeError: http.get: 'url' must be a string; got: integer/,
  ],
  [
    'a timeout beyond the limit',
    'http.get',
    'url: https://a.googleapis.com/\ntimeout: 1801',
    /'timeout' must be between 0 and 1800 seconds; got: 1801/,
  ],
  [
    'a body that JSON cannot hold',
    'http.post',
    'url: https://a.googleapis.com/\nbody: {a: "${text.encode(\\"a\\")}"}',
    /TypeError: http: the body holds what JSON can't/,
  ],
  [
    'a header that is a list',
    'http.get',
    'url: https://a.googleapis.com/\nheaders: {a: [1]}',
    /header 'a' must be a string; got: list/,
  ],
  [
    'a header of two lines',
    'http.get',
    'url: https://a.googleapis.com/\nheaders: {a: "x\\ny"}',
    /header 'a' has a name or value that HTTP doesn't allow/,
  ],
  [
    'an unknown kind of auth',
    'http.get',
    'url: https://a.googleapis.com/\nauth: {type: Basic}',
    /'auth.type' must be OAuth2 or OIDC/,
  ],
  [
    'an unknown key of auth',
    'http.get',
    'url: https://a.googleapis.com/\nauth: {type: OIDC, aud: x}',
    /unknown key 'aud' in 'auth'/,
  ],
  [
    'a token for a stranger',
    'http.get',
    'url: https://example.com/\nauth: {type: OAuth2}',
    /AuthError: an OAuth2 token is sent to \*.googleapis.com only, not to example.com/,
  ],
  [
    'a body of a GET',
    'http.request',
    'url: https://a.googleapis.com/\nmethod: GET\nbody: x',
    /a GET request takes no body/,
  ],
  [
    'the internet',
    'http.get',
    'url: https://example.com/',
    /ConnectionFailedError: the emulator connects to/,
  ],
];
for (const [name, fn, args, message] of refused)
  test(`refuses ${name}`, async () => {
    const { value } = await call(fn, args);
    assert.match(value.message as string, message);
  });

async function serving(
  listener: RequestListener,
  use: (url: string, server: Server) => Promise<void>,
): Promise<void> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, server);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const get = (url: string, more = '') =>
  `- c:\n    call: http.get\n    args:\n      url: ${url}\n${more}    result: r\n- e:\n    return: \${r.body}\n`;

test('this machine is reached by a real request', async () => {
  await serving(
    (request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ url: request.url, agent: request.headers['user-agent'] }));
    },
    async (url) => {
      const { value } = await bed().run(get(`${url}/a?b=1`));
      assert.equal(value, {
        url: '/a?b=1',
        agent: 'GoogleCloudWorkflows; (+https://cloud.google.com/workflows/docs)',
      });
    },
  );
});

test('a connection that breaks, before the answer and in its middle', async () => {
  await serving(
    (request, response) => {
      if (request.url === '/half') {
        response.writeHead(200, { 'content-type': 'text/plain', 'content-length': '100' });
        response.write('abc', () => response.destroy());
      } else request.socket.resetAndDestroy();
    },
    async (url) => {
      const tags = async (source: string) => ((await bed().run(source)).value as { tags: string[] }).tags;
      assert.equal(await tags(get(`${url}/`)), ['ConnectionError']);
      assert.equal(await tags(get(`${url}/half`)), ['ConnectionError']);
    },
  );
});

test('a connection that never comes', async () => {
  let free = '';
  await serving(
    () => {},
    async (url) => {
      free = url;
    },
  );
  const { value } = await bed().run(get(free));
  assert.equal((value as { tags: string[] }).tags, ['ConnectionFailedError']);
});

test('a timeout by the wall, when the clock stands still', async () => {
  await serving(
    () => {},
    async (url) => {
      const { value } = await bed().run(get(url, '      timeout: 0.2\n'));
      assert.equal(value, {
        message: 'TimeoutError: no response within 0.2 seconds',
        tags: ['TimeoutError'],
      });
    },
  );
});

test('a timeout by the clock, when the answer waits on it', async () => {
  const answers = (seconds: number) => {
    const made = bed({
      dispatch: async () => {
        const fiber = made.clock.fiber();
        await fiber.sleep(seconds * 1000).finally(() => fiber.end());
        return Response.json('late');
      },
    });
    return made;
  };
  const source = get('https://a.googleapis.com/', '      timeout: 30\n');
  assert.is((await answers(29).run(source)).value, 'late');
  const { value, execution } = await answers(31).run(source);
  assert.equal((value as { tags: string[] }).tags, ['TimeoutError']);
  assert.is(execution.toResource().duration, '30s');
});

test('while a request is on its way no time is skipped for others', async () => {
  const { run } = bed({
    dispatch: async () => {
      await new Promise((resolve) => setTimeout(resolve, 30));
      return Response.json('there');
    },
  });
  const { execution } = await run(
    '- p:\n    parallel:\n      branches:\n        - a:\n            steps:\n              - a1:\n                  call: http.get\n                  args: {url: "https://a.googleapis.com/"}\n              - a2:\n                  call: sys.log\n                  args: {text: answered}\n        - b:\n            steps:\n              - b1:\n                  call: sys.sleep\n                  args: {seconds: 3600}\n              - b2:\n                  call: sys.log\n                  args: {text: slept}\n',
  );
  assert.equal(
    execution.logs.map(({ payload }) => payload),
    [{ textPayload: 'answered' }, { textPayload: 'slept' }],
  );
});

test('cancel in the middle of a request', async () => {
  const { start, engine } = bed({ dispatch: () => new Promise(() => {}) });
  const execution = start(get('https://a.googleapis.com/'));
  await new Promise((resolve) => setTimeout(resolve, 5));
  await engine.executions.cancel(execution.record.name);
  assert.is(execution.record.state, 'CANCELLED');
});

test.run();
