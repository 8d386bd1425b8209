/**
 * Bundles the job into one file for the container: `node job/bundle.js OUTPUT`. Plain JavaScript, since it runs in a
 * build that has Node and esbuild alone.
 */
import { build } from 'esbuild';

const [outfile = 'job.mjs'] = process.argv.slice(2);
await build({
  entryPoints: ['job/cli.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  legalComments: 'linked',
  logLevel: 'warning',
  // Not in parts (splitting): packages that are CommonJS inside lose the names of what they export when they are
  // loaded late. Those packages ask for require, which a module does not have by itself.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  },
});
