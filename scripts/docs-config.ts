/**
 * Writes `docs/configuration.md` from the types and comments of `generator/config.ts`, the codes of
 * `generator/fault.ts` and the lists of `generator/locations.ts`. Deterministic; `--check` writes nothing and
 * exits 1 when the page is stale.
 */
import { resolve } from 'node:path';
import {
  type InterfaceDeclaration,
  type JSDocableNode,
  Project,
  type PropertySignature,
  type SourceFile,
  SyntaxKind,
  type TypeAliasDeclaration,
  type TypeNode,
} from 'ts-morph';
import { PROBLEM_CODES } from '../generator/fault.ts';
import { MULTI_REGIONS, REGIONS } from '../generator/locations.ts';
import { runDocs } from './docs-page.ts';

/** Sections in the order in which a reader meets them; every exported type has one. */
const SECTIONS = [
  'Config',
  'Replicator',
  'Repository',
  'RepositoryParts',
  'Destination',
  'DestinationSettings',
  'Schedule',
  'Copy',
  'Platforms',
  'Poll',
  'Mirror',
  'Protection',
  'Job',
  'CreateDestinations',
  'Monitoring',
  'Alerts',
  'NoSuccess',
  'Notify',
];

/**
 * The whole page.
 *
 * @param file path of `config.ts`
 */
function configReference(file: string): string {
  const source = new Project({ skipLoadingLibFiles: true }).addSourceFileAtPath(file);
  const names = [...source.getInterfaces(), ...source.getTypeAliases()].map((type) => type.getName());
  const left = names.filter((name) => !SECTIONS.includes(name));
  if (left.length > 0) throw new Error(`no section for ${left.join(', ')} of config.ts`);
  const parts = [HEAD, ...SECTIONS.map((name) => section(name, source)), faultCodes(), locations()];
  return `${parts.join('\n\n')}\n`;
}

const HEAD = `<!-- Written by scripts/docs-config.ts from generator/config.ts. Edit the comments there. -->

# Configuration

\`replicator.config.ts\` is a TypeScript module whose default export is a [Config](#config). It may import helpers,
read \`process.env\`, loop and await; only the value that it exports counts. \`npm run generate\` type-checks it, checks
what the value means, and reports every fault with its place ([codes](#fault-codes)).

\`\`\`ts
import { defineConfig } from './generator/config.ts';

export default defineConfig({
  project: 'acme',
  region: 'europe-west1',
  source: 'projects/acme/locations/europe-west1/repositories/prod',
  destinations: [
    'projects/acme/locations/us-central1/repositories/prod',
    { project: 'acme-dr', location: 'asia', repository: 'prod', copy: { maxVersionAgeDays: 30 } },
  ],
  schedule: { cron: '0 3 * * *', timeZone: 'Europe/Berlin' },
});
\`\`\``;

function section(name: string, source: SourceFile): string {
  const declared = source.getInterface(name);
  if (declared) return [`## ${name}`, describe(declared), fields(declared.getProperties())].join('\n\n');
  const alias = source.getTypeAliasOrThrow(name);
  const members = alias.getDescendantsOfKind(SyntaxKind.PropertySignature);
  const table = members.length > 0 ? [fields(members)] : [];
  return [`## ${name}`, describe(alias), `One of: ${forms(alias).join('; ')}.`, ...table].join('\n\n');
}

/** What a declaration's comment says, and its examples as code. */
function describe(node: InterfaceDeclaration | TypeAliasDeclaration): string {
  const examples = tags(node, 'example').map((text) => `\`\`\`ts\n${text}\n\`\`\``);
  return [description(node), ...examples].join('\n\n');
}

/** The alternatives of a union. */
function forms(alias: TypeAliasDeclaration): string[] {
  const node = alias.getTypeNodeOrThrow();
  const union = node.asKind(SyntaxKind.UnionType);
  return (union ? union.getTypeNodes() : [node]).map((form) => {
    const literal = form.getFirstDescendantByKind(SyntaxKind.TypeLiteral);
    if (!literal) return typeText(form);
    const names = literal.getProperties().map((property) => `\`${property.getName()}\``);
    const others = form.getDescendantsOfKind(SyntaxKind.TypeReference).map(typeText);
    return `an object with ${names.join(', ')} and the fields of ${others.join(', ')}`;
  });
}

function fields(properties: readonly PropertySignature[]): string {
  const rows = properties.map((property) => {
    const example = tags(property, 'example').map((text) => `\`${text}\``);
    const standard = tags(property, 'default').map(asCode);
    return [
      `\`${property.getName()}\``,
      typeText(property.getTypeNodeOrThrow()),
      property.hasQuestionToken() ? (standard[0] ?? 'none') : '**required**',
      description(property),
      example.join('<br>'),
    ];
  });
  return table(['field', 'type', 'default', 'meaning', 'example'], rows);
}

/** A default that is a value as code; some are told in words. */
function asCode(text: string): string {
  return /^('.*'|[\d.]+|true|false)$/.test(text) ? `\`${text}\`` : text;
}

/** A type as code, its own names as links; that a field may be undefined is said by its default. */
function typeText(node: TypeNode): string {
  const text = node
    .getText()
    .replace(/^\((.*)\)$/s, '$1')
    .replace(/ \| undefined$/, '');
  const words = text
    .split(/\b(\w+)\b/)
    .map((word) => (SECTIONS.includes(word) ? `[${word}](#${word.toLowerCase()})` : word));
  if (!words.some((word) => word.startsWith('['))) return `\`${text}\``;
  return words
    .join('')
    .split(/( \| | & )/)
    .map((part) => (part.startsWith('[') || /^ [|&] $/.test(part) ? part : `\`${part}\``))
    .join('');
}

function faultCodes(): string {
  const intro = `## Fault codes

The word behind \`error\` in a message. Nothing is written while there is a fault.`;
  return `${intro}\n\n${table(
    ['code', 'meaning'],
    Object.entries(PROBLEM_CODES).map(([code, meaning]) => [`\`${code}\``, meaning]),
  )}`;
}

function locations(): string {
  const areas = new Map<string, string[]>();
  for (const region of REGIONS) {
    const [area = ''] = region.split('-');
    areas.set(area, [...(areas.get(area) ?? []), `\`${region}\``]);
  }
  const rows = [...areas].map(([area, regions]) => [area, regions.join(', ')]);
  return `## Locations

Regions of repositories and of workflows, as of this release; a newer one goes into \`extraLocations\`.
A repository may also be in a multi-region: ${MULTI_REGIONS.map((name) => `\`${name}\``).join(', ')}.

${table(['area', 'regions'], rows)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => {
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replace(/\s*\n\s*/g, ' ')).join(' | ')} |`;
  };
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function description(node: JSDocableNode): string {
  // The last, since the first type of a file has the file's comment too.
  return node.getJsDocs().at(-1)?.getDescription().trim() ?? '';
}

function tags(node: JSDocableNode, name: string): string[] {
  return node
    .getJsDocs()
    .flatMap((doc) => doc.getTags())
    .filter((tag) => tag.getTagName() === name)
    .map((tag) => tag.getCommentText()?.trim() ?? '');
}

await runDocs('docs-config', 'docs/configuration.md', 'the types in generator/config.ts', () =>
  configReference(resolve(import.meta.dirname, '../generator/config.ts')),
);
