/** The schemas against the types: both must know the same fields. */
import { join } from 'node:path';
import { Project, type PropertySignature, SyntaxKind } from 'ts-morph';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fieldsOf, type Kind } from './shape.ts';

const file = join(import.meta.dirname, '../config.ts');
const source = new Project({ skipLoadingLibFiles: true }).addSourceFileAtPath(file);

function declared(...types: string[]): string[] {
  return types.flatMap((type) => source.getInterfaceOrThrow(type).getProperties()).map(nameOf);
}

function nameOf(property: PropertySignature): string {
  return property.getName();
}

const literal = source.getTypeAliasOrThrow('Destination').getDescendantsOfKind(SyntaxKind.PropertySignature);

const kinds: Record<Kind, string[]> = {
  replicator: declared('Replicator'),
  source: declared('RepositoryParts'),
  destination: declared('RepositoryParts', 'DestinationSettings'),
  named: [...literal.map(nameOf), ...declared('DestinationSettings')],
  schedule: declared('Schedule'),
  copy: declared('Copy'),
  platforms: declared('Platforms'),
  poll: declared('Poll'),
  mirror: declared('Mirror'),
  protect: declared('Protection'),
  job: declared('Job'),
  createDestinations: declared('CreateDestinations'),
  monitoring: declared('Monitoring'),
  alerts: declared('Alerts'),
  noSuccess: declared('NoSuccess'),
  notify: declared('Notify'),
};

for (const [kind, fields] of Object.entries(kinds)) {
  test(`knows the fields of ${kind}`, () => assert.equal(fieldsOf(kind as Kind), fields));
}

test.run();
