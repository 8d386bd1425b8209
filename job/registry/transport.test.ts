import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createSocketServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ConnectionError, createTransport, TooLargeError, type WireRequest } from './transport.ts';

const test = suite('transport');
const send = createTransport();

/** Sends one request to a server of its own. */
async function exchange(answer: RequestListener, more: Partial<WireRequest> = {}) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  try {
    return await send(requestTo((server.address() as AddressInfo).port, more));
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const requestTo = (port: number, more: Partial<WireRequest> = {}): WireRequest => ({
  method: 'GET',
  url: `http://127.0.0.1:${port}/x`,
  headers: {},
  timeout: 5000,
  maxBytes: 1000,
  ...more,
});

async function failure<T>(work: Promise<T>): Promise<unknown> {
  return work.then(
    () => assert.unreachable('it did not fail'),
    (error: unknown) => error,
  );
}

test('brings a whole answer, whatever its status', async () => {
  const { status, headers, body } = await exchange((request, response) => {
    response.writeHead(418, { 'x-method': request.method });
    response.write('one ');
    response.end('two');
  });
  assert.equal([status, headers['x-method'], body.toString()], [418, 'GET', 'one two']);
});

test('sends a body with its length', async () => {
  const { body } = await exchange(
    async (request, response) => {
      let text = '';
      for await (const piece of request) text += piece;
      response.end(`${request.headers['content-length']} ${text}`);
    },
    { method: 'POST', body: 'grün' },
  );
  assert.is(body.toString(), '5 grün');
});

test('unpacks', async () => {
  const packed = (text: string): RequestListener => {
    return (request, response) => {
      assert.is(request.headers['accept-encoding'], 'gzip');
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.end(gzipSync(text));
    };
  };
  assert.is((await exchange(packed('small'))).body.toString(), 'small');
  assert.instance(await failure(exchange(packed('a'.repeat(2000)))), TooLargeError);
  const broken = exchange((_, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' });
    response.end('no gzip');
  });
  assert.instance(await failure(broken), ConnectionError);
});

test('a body that is cut short is no answer', async () => {
  for (const headers of [{ 'content-length': '100' }, { 'transfer-encoding': 'chunked' }]) {
    const cut = exchange((_, response) => {
      response.writeHead(200, headers);
      response.write('{"a":', () => response.socket?.destroy());
    });
    const error = await failure(cut);
    assert.instance(error, ConnectionError);
    assert.is((error as ConnectionError).sent, true);
  }
});

test('a body that is too large is not read to its end', async () => {
  let sent = 0;
  const endless = exchange((_, response) => {
    const more = () => {
      sent += 100_000;
      if (response.writable) response.write('a'.repeat(100_000), more);
    };
    more();
  });
  assert.instance(await failure(endless), TooLargeError);
  assert.ok(sent < 50_000_000);
});

test('knows whether the service can have got a request that failed', async () => {
  const sentOf = async (work: Promise<unknown>) => {
    const error = await failure(work);
    assert.instance(error, ConnectionError);
    return (error as ConnectionError).sent;
  };
  // Nobody listens on port 1.
  assert.is(await sentOf(send(requestTo(1))), false);
  assert.is(await sentOf(send(requestTo(1, { url: 'http://no-such-host.invalid/' }))), false);
  assert.is(await sentOf(exchange((request) => request.socket.resetAndDestroy())), true);
  // Accepts a connection and never shakes hands: not a byte of the request has left.
  const sockets: Socket[] = [];
  const mute = createSocketServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
  await new Promise((resolve) => mute.once('listening', resolve));
  const url = `https://127.0.0.1:${(mute.address() as AddressInfo).port}/`;
  assert.is(await sentOf(send(requestTo(1, { url, timeout: 100 }))), false);
  for (const socket of sockets) socket.destroy();
  mute.close();
});

test('gives up in time, in the body too', async () => {
  const late = await failure(exchange(() => {}, { timeout: 50 }));
  assert.match((late as Error).message, /no whole answer in 0\.05 s/);
  const stuck = exchange(
    (_, response) => {
      response.writeHead(200, { 'content-length': '10' });
      response.write('{');
    },
    { timeout: 50 },
  );
  assert.match(((await failure(stuck)) as Error).message, /no whole answer in 0\.05 s/);
});

test('keeps connections, but not for what may be done once', async () => {
  const sockets = new Set<unknown>();
  const server = createServer((request, response) => {
    sockets.add(request.socket);
    response.end();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  for (let times = 0; times < 3; times++) await send(requestTo(port));
  assert.is(sockets.size, 1);
  await send(requestTo(port, { method: 'POST', ownConnection: true }));
  assert.is(sockets.size, 2);
  server.closeAllConnections();
  server.close();
});

test.run();
