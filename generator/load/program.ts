/** Type-checks a config with our compiler options and our types, whatever lies near the file. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type { Project as TsProject, ts as t } from 'ts-morph';
import { LIGHT_TYPES } from './light-types.ts';
import { Project, ts } from './ts-morph.ts';

/** A checked config. */
export interface Checked {
  readonly source: t.SourceFile;
  readonly checker: t.TypeChecker;
  readonly types: readonly t.Diagnostic[];
}

/**
 * The options of tsconfig.json, but for two things. Modules are resolved as a bundler does and are always ES
 * modules, so that no package.json has a say; and what is merely untidy (an unused variable) is no fault.
 */
export const options: t.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.es2023.d.ts'],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  types: [],
  typeRoots: [typesFolder()],
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  noImplicitOverride: true,
  noFallthroughCasesInSwitch: true,
  noImplicitReturns: true,
  verbatimModuleSyntax: true,
  erasableSyntaxOnly: true,
  allowImportingTsExtensions: true,
  resolveJsonModule: true,
  allowJs: true,
  checkJs: false,
  skipLibCheck: true,
  noEmit: true,
};

function typesFolder(): string {
  return dirname(dirname(createRequire(import.meta.url).resolve('@types/node/package.json')));
}

/** With which of Node's types to check. */
type Types = 'light' | 'full';

// Kept for the life of the process: a second config reuses the parsed library files.
const projects = new Map<Types, TsProject>();

function projectWith(types: Types): TsProject {
  const known = projects.get(types);
  if (known) return known;
  const compilerOptions = { ...options, types: types === 'full' ? ['node'] : [] };
  const project = new Project({ skipFileDependencyResolution: true, compilerOptions });
  if (types === 'light') project.createSourceFile(`${import.meta.dirname}/light-types.d.ts`, LIGHT_TYPES);
  projects.set(types, project);
  return project;
}

/**
 * Type-checks the file and what it imports, with few of Node's types first and with all of them where that finds
 * something: see `light-types.ts`.
 *
 * @param file absolute path
 * @param own paths of the files that the user wrote: this one and its helpers
 */
export function check(file: string, own: readonly string[]): Checked {
  const checked = checkWith('light', file, own);
  return checked.types.length === 0 ? checked : checkWith('full', file, own);
}

function checkWith(types: Types, file: string, own: readonly string[]): Checked {
  const project = projectWith(types);
  const root = project.addSourceFileAtPath(file);
  root.refreshFromFileSystemSync();
  const program = project.getProgram().compilerObject;
  const source = root.compilerNode;
  const files = own.flatMap((path) => program.getSourceFile(path) ?? []);
  const found = files.flatMap((file) => program.getSemanticDiagnostics(file));
  // The project lets go of these files, not of the libraries: the next config must not see this one's.
  for (const path of own) project.getSourceFile(path)?.forget();
  return { source, checker: program.getTypeChecker(), types: found };
}

/** Where modules are looked for: the disk. */
export const host: t.ModuleResolutionHost = {
  fileExists: existsSync,
  readFile: (file) => ts.sys.readFile(file),
  directoryExists: (folder) => ts.sys.directoryExists(folder),
  realpath: (path) => ts.sys.realpath?.(path) ?? path,
  getCurrentDirectory: () => process.cwd(),
};
