/** The floor for `generate`: ts-morph alone type-checks a config, with the options that ours is checked with. */
import { fileURLToPath } from 'node:url';
import { Project, ts } from 'ts-morph';

const file = process.argv[2];
if (file === undefined) throw new Error('usage: type-check.ts FILE');
const project = new Project({
  compilerOptions: {
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2023.d.ts'],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    typeRoots: [fileURLToPath(new URL('../../node_modules/@types', import.meta.url))],
    types: ['node'],
    strict: true,
    skipLibCheck: true,
    noEmit: true,
    allowImportingTsExtensions: true,
  },
});
const source = project.addSourceFileAtPath(file);
const diagnostics = source.getPreEmitDiagnostics();
if (diagnostics.length > 0) throw new Error(project.formatDiagnosticsWithColorAndContext(diagnostics));
