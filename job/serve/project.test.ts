/** Where the project of a server comes from. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { projectOf } from './project.ts';

/** What `projectOf` finds where a metadata server answers like this. */
async function foundAt(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    return await projectOf({ K_SERVICE: 'x', GCE_METADATA_HOST: `127.0.0.1:${port}` });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test('from the variable, or on Cloud Run from the metadata server', async () => {
  assert.is(await projectOf({ GOOGLE_CLOUD_PROJECT: 'acme', K_SERVICE: 'x' }), 'acme');
  assert.is(await projectOf({}), undefined);
  const found = await foundAt(({ url, headers }, response) => {
    const isRight =
      url === '/computeMetadata/v1/project/project-id' && headers['metadata-flavor'] === 'Google';
    response.writeHead(isRight ? 200 : 403).end('example.com:acme');
  });
  assert.is(found, 'example.com:acme');
});

test('anything but a project id is none', async () => {
  assert.is(await foundAt((_, response) => response.writeHead(404).end('acme')), undefined);
  assert.is(await foundAt((_, response) => response.end('<html>')), undefined);
  assert.is(
    await foundAt((_, response) => response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end()),
    undefined,
  );
  assert.is(await foundAt(({ socket }) => socket.destroy()), undefined);
});

test.run();
