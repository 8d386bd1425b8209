/** Artifact Registry's REST API over HTTP: resources, paging, deletion, policies, and how it refuses. */
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Behavior } from '../emulator/behavior.ts';
import { drivenClock } from '../emulator/clock.ts';
import { bareImages, seed } from '../emulator/registry/seed.ts';
import { type Emulator, startEmulator } from '../emulator/server.ts';
import { attachment, image, index, push } from './images.ts';
import { listAll, send } from './rest.ts';

const place = 'projects/p/locations/europe-west1';
const name = `${place}/repositories/r`;
const path = 'europe-west1/p/r/team/app';
const packageName = `${name}/packages/team%2Fapp`;

async function using(
  body: (emulator: Emulator, url: string) => Promise<void>,
  options: Parameters<typeof startEmulator>[0] = {},
): Promise<void> {
  const emulator = await startEmulator({ clock: drivenClock(), ...options });
  try {
    await body(emulator, `${emulator.url}/v1`);
  } finally {
    await emulator.close();
  }
}
const withBehavior = (
  behavior: Partial<Behavior>,
  body: (emulator: Emulator, url: string) => Promise<void>,
) => using(body, { behavior });

test('a repository is created, got, listed, changed and deleted', () =>
  using(async ({ registry }, v1) => {
    const created = await send(`${v1}/${place}/repositories?repositoryId=r`, 'POST', {
      format: 'DOCKER',
      mode: 'MODE_UNSPECIFIED',
      labels: { a: 'b' },
      cleanupPolicyDryRun: true,
    });
    assert.is(created.status, 200);
    assert.match(created.body.name, new RegExp(`^${place}/operations/`));
    assert.is(created.body.done, true);
    assert.is(
      created.body.response['@type'],
      'type.googleapis.com/google.devtools.artifactregistry.v1.Repository',
    );
    assert.is((await send(`${v1}/${created.body.name}`)).body.response.name, name);

    const { body } = await send(`${v1}/${name}`);
    assert.equal(body, {
      name,
      format: 'DOCKER',
      mode: 'STANDARD_REPOSITORY',
      labels: { a: 'b' },
      cleanupPolicyDryRun: true,
      createTime: '2026-01-01T00:00:00.000Z',
      updateTime: '2026-01-01T00:00:00.000Z',
      registryUri: 'europe-west1-docker.pkg.dev/p/r',
    });
    const again = await send(`${v1}/${place}/repositories?repositoryId=r`, 'POST', { format: 1 });
    assert.is(again.status, 409);
    assert.is(again.body.error.status, 'ALREADY_EXISTS');

    const patched = await send(`${v1}/${name}?updateMask=description,docker_config.immutable_tags`, 'PATCH', {
      description: 'hello',
      labels: { not: 'in the mask' },
      dockerConfig: { immutableTags: true },
    });
    assert.is(patched.body.description, 'hello');
    assert.equal(patched.body.labels, { a: 'b' });
    assert.equal(patched.body.dockerConfig, { immutableTags: true });
    const unset = await send(`${v1}/${name}?updateMask=description`, 'PATCH', {});
    assert.is(unset.body.description, undefined);
    assert.is((await send(`${v1}/${name}?updateMask=format`, 'PATCH', { format: 'NPM' })).status, 400);

    seed(registry, `${place}/repositories/s`, { format: 'CONDA' });
    seed(registry, 'projects/p/locations/europe-west10/repositories/elsewhere');
    const listed = await listAll(`${v1}/${place}/repositories`, 'repositories', { pageSize: '1' });
    assert.equal(
      listed.items.map((each) => [each.name, each.format]),
      [
        [name, 'DOCKER'],
        [`${place}/repositories/s`, 'CONDA'],
      ],
    );
    const filtered = await listAll(`${v1}/${place}/repositories`, 'repositories', { filter: 'name="*/s"' });
    assert.is(filtered.items.length, 1);

    const deleted = await send(`${v1}/${name}`, 'DELETE');
    assert.is(deleted.body.response['@type'], 'type.googleapis.com/google.protobuf.Empty');
    const gone = await send(`${v1}/${name}`);
    assert.is(gone.status, 404);
    assert.equal(gone.body.error, {
      code: 404,
      message: `Requested entity was not found: ${name}`,
      status: 'NOT_FOUND',
    });
    assert.equal((await send(`${v1}/projects/empty/locations/us/repositories`)).body, {});
  }));

test('requests that make no sense are refused in Google’s shape', () =>
  using(async ({ url }, v1) => {
    const create = `${v1}/${place}/repositories`;
    const cases: [string, string, unknown, number, RegExp][] = [
      [create, 'POST', { format: 'DOCKER' }, 400, /Invalid repository id ""/],
      [`${create}?repositoryId=R`, 'POST', { format: 'DOCKER' }, 400, /Invalid repository id "R"/],
      [`${create}?repositoryId=r`, 'POST', {}, 400, /Missing required field: repository.format/],
      [`${create}?repositoryId=r`, 'POST', { format: 'TAPE' }, 400, /Invalid value at 'format' .*"TAPE"/],
      [
        `${create}?repositoryId=r`,
        'POST',
        { format: 'DOCKER', x: 1 },
        400,
        /Unknown name "x": Cannot find field/,
      ],
      [
        `${create}?repositoryId=r`,
        'POST',
        { format: 'DOCKER', dockerConfig: { y: 1 } },
        400,
        /"y" at 'docker_config'/,
      ],
      [`${create}?repositoryId=r`, 'POST', '{"format":', 400, /Invalid JSON payload received/],
      [`${create}?repositoryId=r`, 'POST', '[]', 400, /Root element must be a message/],
      [
        `${v1}/projects/p/locations/us-west1-c/repositories?repositoryId=r`,
        'POST',
        { format: 'DOCKER' },
        400,
        /not a valid location/,
      ],
      [`${create}?pagesize=1`, 'GET', undefined, 400, /Unknown name "pagesize": Cannot bind query parameter/],
      [`${create}?pageSize=-1`, 'GET', undefined, 400, /Invalid page size/],
      [`${create}?pageToken=x`, 'GET', undefined, 400, /Invalid page token/],
      [`${v1}/nowhere`, 'GET', undefined, 404, /no method at \/v1\/nowhere/],
      [`${v1}/${name}/nothing`, 'GET', undefined, 404, /no method/],
      [`${url}/nowhere`, 'GET', undefined, 404, /no method/],
      [`${v1}/${place}/operations/none`, 'GET', undefined, 404, /was not found/],
    ];
    for (const [address, method, body, status, expected] of cases) {
      const answer = await send(address, method, body);
      assert.is(answer.status, status, address);
      assert.is(answer.body.error.code, status);
      assert.type(answer.body.error.status, 'string');
      assert.match(answer.body.error.message, expected);
    }
  }));

test('packages, versions and tags, under names with slashes in either encoding', () =>
  using(async ({ url }, v1) => {
    await send(`${v1}/${place}/repositories?repositoryId=r`, 'POST', { format: 'DOCKER' });
    const first = await push(url, path, image('one'), 'v1');
    const second = await push(url, path, image('two'), 'v2');
    const version = (digest: string) => `${packageName}/versions/${digest}`;

    const { items: packages } = await listAll(`${v1}/${name}/packages`, 'packages');
    assert.equal(
      packages.map((each) => each.name),
      [packageName],
    );
    for (const wire of [packageName, packageName.replace('%2F', '%252F')]) {
      assert.is((await send(`${v1}/${wire}`)).body.displayName, 'team/app');
      assert.is((await send(`${v1}/${wire}/versions/${first}`)).body.name, version(first));
    }
    for (const [view, expected] of [
      ['BASIC', undefined],
      ['1', undefined],
      ['FULL', [{ name: `${packageName}/tags/v1`, version: version(first) }]],
      ['2', [{ name: `${packageName}/tags/v1`, version: version(first) }]],
    ] as const)
      assert.equal((await send(`${v1}/${version(first)}?view=${view}`)).body.relatedTags, expected);
    assert.is((await send(`${v1}/${version(first)}?view=3`)).status, 400);

    const created = await send(`${v1}/${packageName}/tags?tagId=stable`, 'POST', { version: version(first) });
    assert.equal(created.body, { name: `${packageName}/tags/stable`, version: version(first) });
    assert.is(
      (await send(`${v1}/${packageName}/tags?tagId=stable`, 'POST', { version: version(first) })).status,
      409,
    );
    const missing = version(`sha256:${'0'.repeat(64)}`);
    assert.is((await send(`${v1}/${packageName}/tags?tagId=x`, 'POST', { version: missing })).status, 404);
    const moved = await send(`${v1}/${packageName}/tags/stable?updateMask=version`, 'PATCH', {
      name: `${packageName}/tags/stable`,
      version: version(second),
    });
    assert.is(moved.body.version, version(second));
    const filter = `version="${version(second)}"`;
    const { items: tags } = await listAll(`${v1}/${packageName}/tags`, 'tags', { filter });
    assert.equal(
      tags.map((each) => each.name),
      [`${packageName}/tags/stable`, `${packageName}/tags/v2`],
    );
    const deleted = await send(`${v1}/${packageName}/tags/stable`, 'DELETE');
    assert.equal([deleted.status, deleted.body], [200, {}]);
    assert.is((await send(`${v1}/${packageName}/tags/stable`)).status, 404);
  }));

test('what a whole repository lists: images, files, attachments', () =>
  using(async ({ url }, v1) => {
    await send(`${v1}/${place}/repositories?repositoryId=r`, 'POST', { format: 'DOCKER' });
    const amd = image('multi');
    const arm = image('multi', { architecture: 'arm64' });
    const both = index([amd, arm]);
    await push(url, path, both, 'latest');
    const sbom = attachment(both, 'bill of materials');
    await push(url, path, sbom);

    const { items } = await listAll(`${v1}/${name}/dockerImages`, 'dockerImages', { pageSize: '1' });
    assert.is(items.length, 4);
    const listed = items.find((each) => each.name.endsWith(both.digest));
    assert.is(listed.name, `${name}/dockerImages/team%2Fapp@${both.digest}`);
    assert.is(listed.uri, `europe-west1-docker.pkg.dev/p/r/team/app@${both.digest}`);
    assert.equal(listed.tags, ['latest']);
    assert.equal(
      listed.imageManifests.map((each: Record<string, string>) => [each.digest, each.architecture]),
      [
        [amd.digest, 'amd64'],
        [arm.digest, 'arm64'],
      ],
    );
    const single = items.find((each) => each.name.endsWith(amd.digest));
    assert.is(single.imageSizeBytes, String(amd.blobs[1]?.bytes.length));
    assert.is(single.buildTime, '2025-01-01T00:00:00.000Z');
    const artifact = items.find((each) => each.name.endsWith(sbom.digest));
    assert.is(artifact.artifactType, 'application/vnd.example.sbom');
    assert.is(artifact.subjectDigest, undefined);
    assert.equal((await send(`${v1}/${listed.name}`)).body, listed);
    assert.equal((await send(`${v1}/${name}/dockerImages/team%252Fapp:latest`)).body, listed);

    const { items: files } = await listAll(`${v1}/${name}/files`, 'files', { pageSize: '2' });
    const blobs = [both, amd, arm, sbom].flatMap((each) => [each, ...each.blobs]);
    assert.equal(
      files.map((each) => each.name),
      [...new Set(blobs.map((each) => `${name}/files/${each.digest}`))].sort(),
    );
    const layer = files.find((each) => each.name.endsWith(amd.blobs[1]?.digest ?? ''));
    assert.is(layer.owner, `${packageName}/versions/${amd.digest}`);
    assert.equal(layer.hashes, [
      { type: 'SHA256', value: Buffer.from(amd.blobs[1]?.digest.slice(7) ?? '', 'hex').toString('base64') },
    ]);
    assert.equal((await send(`${v1}/${layer.name}`)).body, layer);
    const owned = await listAll(`${v1}/${name}/files`, 'files', { filter: `owner="${layer.owner}"` });
    assert.is(owned.items.length, 3);

    const { items: attachments } = await listAll(`${v1}/${name}/attachments`, 'attachments');
    assert.is(attachments.length, 1);
    assert.is(attachments[0].target, `${packageName}/versions/${both.digest}`);
    assert.is(attachments[0].ociVersionName, `${packageName}/versions/${sbom.digest}`);
    assert.is(attachments[0].type, 'application/vnd.example.sbom');
    assert.equal((await send(`${v1}/${attachments[0].name}`)).body, attachments[0]);
  }));

test('newer services name the subject of an image', () =>
  withBehavior({ imageSubjectDigest: true }, async ({ url, registry }, v1) => {
    seed(registry, name);
    const subject = image('subject');
    await push(url, path, subject);
    const sbom = await push(url, path, attachment(subject, 'x'));
    const { body } = await send(`${v1}/${name}/dockerImages/team%2Fapp@${sbom}`);
    assert.is(body.subjectDigest, subject.digest);
  }));

test('tags first, then indexes, then children; a referrer before its subject', () =>
  using(async ({ url, registry }, v1) => {
    seed(registry, name);
    const child = image('child');
    const inner = index([child]);
    const outer = index([inner]);
    await push(url, path, outer, 'latest');
    const version = (digest: string) => `${v1}/${packageName}/versions/${digest}`;
    const refusals = async (digest: string, expected: RegExp, force = '') => {
      const { status, body } = await send(version(digest) + force, 'DELETE');
      assert.is(status, 400);
      assert.is(body.error.status, 'FAILED_PRECONDITION');
      assert.match(body.error.message, expected);
    };
    await refusals(outer.digest, /GOOGLE_MANIFEST_DANGLING_TAG: Manifest is still referenced by tag: latest/);
    await refusals(child.digest, /GOOGLE_MANIFEST_DANGLING_PARENT_IMAGE: .* is referenced by image sha256:/);
    await send(`${v1}/${packageName}/tags/latest`, 'DELETE');
    await refusals(inner.digest, /GOOGLE_MANIFEST_DANGLING_PARENT_IMAGE/, '?force=true');
    const sbom = await push(url, path, attachment(outer, 'x'));
    await refusals(outer.digest, /GOOGLE_MANIFEST_REFERRING_MANIFEST/);
    for (const digest of [sbom, outer.digest, inner.digest, child.digest])
      assert.is((await send(version(digest), 'DELETE')).body.done, true);
    assert.equal((await send(`${v1}/${packageName}/versions`)).body, {});
    assert.equal((await send(`${v1}/${name}/files`)).body, {});
    assert.is((await send(`${v1}/${packageName}`)).status, 200);

    await push(url, path, image('tagged'), 'a');
    assert.is((await send(`${version(image('tagged').digest)}?force=true`, 'DELETE')).status, 200);
    assert.equal((await send(`${v1}/${packageName}/tags`)).body, {});
    await push(url, path, outer, 'latest');
    assert.is((await send(`${v1}/${packageName}`, 'DELETE')).body.done, true);
    assert.is((await send(`${v1}/${packageName}`)).status, 404);
  }));

test('the other side of each rule of deletion', () =>
  withBehavior(
    { indexDeleteTakesChildren: true, subjectDelete: 'allowed', emptyPackage: 'removed' },
    async ({ url, registry }, v1) => {
      seed(registry, name);
      const kept = image('kept');
      const child = image('child');
      const both = index([kept, child]);
      await push(url, path, both);
      await push(url, path, kept, 'v1');
      const sbom = await push(url, path, attachment(both, 'x'));
      assert.is((await send(`${v1}/${packageName}/versions/${both.digest}`, 'DELETE')).status, 200);
      const { items } = await listAll(`${v1}/${packageName}/versions`, 'versions');
      assert.equal(
        items.map((each) => each.name.split('/').at(-1)),
        [kept.digest, sbom].sort(),
      );
      await send(`${v1}/${packageName}/versions/${sbom}`, 'DELETE');
      await send(`${v1}/${packageName}/versions/${kept.digest}?force=true`, 'DELETE');
      assert.is((await send(`${v1}/${packageName}`)).status, 404);
    },
  ));

test('a batch deletes what it can and names what it can’t', () =>
  using(async ({ url, registry }, v1) => {
    seed(registry, name);
    const child = image('child');
    const both = index([child]);
    await push(url, path, both);
    const tagged = await push(url, path, image('tagged'), 'v1');
    const version = (digest: string) => `${packageName}/versions/${digest}`;
    const batch = (body: unknown) => send(`${v1}/${packageName}/versions:batchDelete`, 'POST', body);
    const missing = `sha256:${'0'.repeat(64)}`;
    const names = [child.digest, both.digest, tagged, missing].map(version);
    const tried = await batch({ names, validateOnly: true });
    assert.is((await listAll(`${v1}/${packageName}/versions`, 'versions')).items.length, 3);
    assert.equal(tried.body.metadata.failedVersions, [
      version(child.digest),
      version(tagged),
      version(missing),
    ]);
    const done = await batch({ names });
    assert.is(done.body.done, true);
    assert.equal(done.body.metadata.failedVersions, [
      version(child.digest),
      version(tagged),
      version(missing),
    ]);
    const rest = await batch({ names: [version(child.digest)] });
    assert.is(rest.body.metadata.failedVersions, undefined);
    assert.is((await batch({})).status, 400);
    assert.is((await batch({ names: Array.from({ length: 1001 }, () => version(tagged)) })).status, 400);
  }));

test('immutable tags are added, never moved or removed', () =>
  using(async ({ url, registry }, v1) => {
    seed(registry, name, { resource: { dockerConfig: { immutableTags: true } } });
    const first = await push(url, path, image('one'), 'v1');
    const second = await push(url, path, image('two'));
    const version = (digest: string) => `${packageName}/versions/${digest}`;
    assert.is(
      (await send(`${v1}/${packageName}/tags?tagId=also`, 'POST', { version: version(first) })).status,
      200,
    );
    for (const [address, method, body] of [
      [`${packageName}/tags/v1?updateMask=version`, 'PATCH', { version: version(second) }],
      [`${packageName}/tags/v1`, 'DELETE', undefined],
      [`${version(first)}?force=true`, 'DELETE', undefined],
      [packageName, 'DELETE', undefined],
    ] as const) {
      const answer = await send(`${v1}/${address}`, method, body);
      assert.is(answer.status, 400, address);
      assert.match(answer.body.error.message, /The repository has enabled tag immutability/);
    }
    assert.is((await send(`${v1}/${version(second)}`, 'DELETE')).status, 200);
    assert.is((await send(`${v1}/${name}`, 'DELETE')).status, 200);
  }));

test('policies keep their etag and refuse an old one', () =>
  using(async ({ registry }, v1) => {
    seed(registry, name);
    const first = await send(`${v1}/${name}:getIamPolicy?options.requestedPolicyVersion=3`);
    assert.equal(first.body, { etag: 'ACAB' });
    const bindings = [{ role: 'roles/artifactregistry.reader', members: ['user:a@example.com'] }];
    const set = (etag?: string) =>
      send(`${v1}/${name}:setIamPolicy`, 'POST', { policy: { bindings, ...(etag && { etag }) } });
    const second = await set(first.body.etag);
    assert.equal(second.body.bindings, bindings);
    const { etag } = second.body;
    assert.is(Buffer.from(etag, 'base64').toString('base64'), etag);
    assert.is((await set(etag)).status, 200);
    const stale = await set(etag);
    assert.is(stale.status, 409);
    assert.is(stale.body.error.status, 'ABORTED');
    assert.is((await set()).status, 200);
    const permissions = ['artifactregistry.repositories.get'];
    assert.equal((await send(`${v1}/${name}:testIamPermissions`, 'POST', { permissions })).body, {
      permissions,
    });
    assert.is((await send(`${v1}/${place}/repositories/none:getIamPolicy`)).status, 404);
  }));

test('operations take their time, and are listed only where that is so', async () => {
  for (const [operationsList, status] of [
    ['unimplemented', 501],
    ['missing', 404],
    ['available', 200],
  ] as const)
    await withBehavior({ operationsList, operationSeconds: 3 }, async ({ clock }, v1) => {
      const { body } = await send(`${v1}/${place}/repositories?repositoryId=r`, 'POST', { format: 'DOCKER' });
      assert.is(body.done, undefined);
      await (clock as ReturnType<typeof drivenClock>).advance(3000);
      assert.is((await send(`${v1}/${body.name}`)).body.done, true);
      const listed = await send(`${v1}/${place}/operations`);
      assert.is(listed.status, status);
      if (status === 200)
        assert.equal(
          listed.body.operations.map((each: { name: string }) => each.name),
          [body.name],
        );
      assert.equal((await send(`${v1}/${body.name}`, 'DELETE')).body, {});
      assert.is((await send(`${v1}/${body.name}`)).status, 404);
    });
});

test('every format is kept with its packages, versions and files, tags only where there are any', () =>
  using(async ({ registry }, v1) => {
    const maven = `${place}/repositories/maven`;
    seed(registry, maven, {
      format: 'MAVEN',
      packages: {
        'com.example:lib': [
          {
            id: '1.0',
            createTime: Date.UTC(2025, 0, 1),
            files: { 'lib-1.0.jar': 'jar', 'lib-1.0.pom': 'pom' },
          },
          { id: '1.1', files: { 'lib-1.1.jar': 'jar' }, annotations: { built: 'yes' } },
        ],
      },
    });
    const { items: versions } = await listAll(`${v1}/${maven}/packages/com.example:lib/versions`, 'versions');
    assert.equal(
      versions.map((each) => [each.name.split('/').at(-1), each.createTime]),
      [
        ['1.0', '2025-01-01T00:00:00.000Z'],
        ['1.1', '2026-01-01T00:00:00.000Z'],
      ],
    );
    const annotated = await listAll(`${v1}/${maven}/packages/com.example:lib/versions`, 'versions', {
      filter: 'annotations.built:yes',
    });
    assert.is(annotated.items.length, 1);
    const { items: files } = await listAll(`${v1}/${maven}/files`, 'files');
    assert.equal(
      files.map((each) => each.sizeBytes),
      ['3', '3', '3'],
    );
    assert.is(files[0].owner, `${maven}/packages/com.example:lib/versions/1.0`);
    assert.is((await send(`${v1}/${maven}/dockerImages`)).status, 400);
    const tag = { version: `${maven}/packages/com.example:lib/versions/1.0` };
    assert.is((await send(`${v1}/${maven}/packages/com.example:lib/tags?tagId=x`, 'POST', tag)).status, 400);
    assert.equal((await send(`${v1}/${maven}/packages/com.example:lib/tags`)).body, {});
  }));

test('locations are listed, for gcloud by an older version too', () =>
  using(async ({ url }, v1) => {
    const { items } = await listAll(`${v1}/projects/p/locations`, 'locations', { pageSize: '7' });
    assert.ok(items.some((each) => each.locationId === 'europe-west1'));
    assert.is((await send(`${url}/v1beta2/projects/p/locations`)).status, 200);
    assert.is((await send(`${v1}/projects/p/locations/us`)).body.locationId, 'us');
    assert.is((await send(`${v1}/projects/p/locations/US`)).status, 404);
  }));

test('any page size lists each image once, over package boundaries, with full and short pages', async () => {
  for (const pages of ['full', 'short'] as const)
    await withBehavior({ pages }, async ({ registry }, v1) => {
      seed(registry, name, {
        packages: Object.fromEntries(['a', 'a/b', 'b', 'c'].map((id, n) => [id, [...bareImages(n * 7, id)]])),
      });
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: 60 }), async (size) => {
          const { items } = await listAll(`${v1}/${name}/dockerImages`, 'dockerImages', {
            pageSize: String(size),
          });
          assert.is(new Set(items.map((each) => each.name)).size, 42);
          assert.is(items.length, 42);
        }),
        { numRuns: 12 },
      );
    });
});

test.run();
