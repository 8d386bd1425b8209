/**
 * The modules that make up a config: the file itself and every TypeScript file that it imports by a path, and
 * those in turn. Found, resolved and erased to JavaScript by the compiler, so that neither Node's version nor a
 * package.json near the file decides what they are: they are ES modules.
 */
import { pathToFileURL } from 'node:url';
import type { ts as t } from 'ts-morph';
import { host, options } from './program.ts';
import { ts } from './ts-morph.ts';

/** One module as JavaScript. */
export interface Module {
  /** Absolute path of its TypeScript. */
  readonly file: string;
  readonly code: string;
  /** Source map, JSON. */
  readonly map: string;
}

/** A config's modules. */
export interface Modules {
  /** URL of the config. */
  readonly entry: string;
  /** Each module by its URL. */
  readonly modules: ReadonlyMap<string, Module>;
  /** URL of an imported module by importer and specifier, as `hooks.ts` joins them. */
  readonly links: ReadonlyMap<string, string>;
  /** What doesn't parse. */
  readonly syntax: readonly t.Diagnostic[];
}

/** Collects the modules of a config, given by its absolute path. */
export function collectModules(entry: string): Modules {
  const modules = new Map<string, Module>();
  const links = new Map<string, string>();
  const syntax: t.Diagnostic[] = [];
  const cache = ts.createModuleResolutionCache(process.cwd(), (name) => name, options);
  const visit = (file: string): string => {
    const url = pathToFileURL(file).href;
    if (modules.has(url)) return url;
    const text = host.readFile(file) ?? '';
    const { diagnostics, ...module } = erase(text, file);
    modules.set(url, module);
    syntax.push(...diagnostics);
    for (const { fileName: specifier } of ts.preProcessFile(text, true, true).importedFiles) {
      const { resolvedModule } = ts.resolveModuleName(specifier, file, options, host, cache);
      if (resolvedModule === undefined || resolvedModule.isExternalLibraryImport) continue;
      if (!/(?<!\.d)\.m?ts$/.test(resolvedModule.resolvedFileName)) continue;
      links.set(`${url}\0${specifier}`, visit(resolvedModule.resolvedFileName));
    }
    return url;
  };
  return { entry: visit(entry), modules, links, syntax };
}

/** TypeScript to JavaScript, one file alone. Imports that are only types go, with or without the word `type`. */
export function erase(
  text: string,
  file: string,
): Module & { readonly diagnostics: readonly t.Diagnostic[] } {
  const compilerOptions = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, sourceMap: true };
  const result = ts.transpileModule(text, { fileName: file, compilerOptions, reportDiagnostics: true });
  // The comment that names the map would make Node look for a file.
  const code = result.outputText.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n');
  return { file, code, map: result.sourceMapText ?? '{}', diagnostics: result.diagnostics ?? [] };
}
