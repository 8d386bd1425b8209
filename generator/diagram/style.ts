/** The picture's looks. All rules are below its own class, so that they touch nothing of a page that it stands in. */

import type { DestinationState } from './state.ts';
import type { Markup } from './svg.ts';
import { faces } from './text.ts';

/** Class of the `<svg>` element. */
export const rootClass = 'replicator-diagram';

const sans = 'system-ui, -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif';
const mono = 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace';

interface Palette {
  readonly page: string;
  readonly frame: string;
  readonly chip: string;
  readonly border: string;
  readonly text: string;
  readonly quiet: string;
  readonly line: string;
  /** The images' way, the leader. */
  readonly blue: string;
  readonly violet: string;
  readonly orange: string;
  readonly green: string;
  readonly yellow: string;
  readonly red: string;
  /** On a state's colour. */
  readonly sign: string;
}

const light: Palette = {
  page: '#ffffff',
  frame: '#f6f8fa',
  chip: '#ffffff',
  border: '#d1d9e0',
  text: '#1f2328',
  quiet: '#59636e',
  line: '#818b98',
  blue: '#0969da',
  violet: '#8250df',
  orange: '#bc4c00',
  green: '#1a7f37',
  yellow: '#9a6700',
  red: '#cf222e',
  sign: '#ffffff',
};

const dark: Palette = {
  page: '#0d1117',
  frame: '#151b23',
  chip: '#0d1117',
  border: '#3d444d',
  text: '#f0f6fc',
  quiet: '#9198a1',
  line: '#767e88',
  blue: '#4493f8',
  violet: '#ab7df8',
  orange: '#db6d28',
  green: '#3fb950',
  yellow: '#d29922',
  red: '#f85149',
  sign: '#0d1117',
};

/**
 * The rules, as an element. Colours are written out twice instead of in variables, which some viewers of SVG do not
 * know.
 *
 * @param hasStates whether destinations have states, which have colours
 */
export function styleElement(hasStates: boolean): Markup {
  const rules = [
    ...Object.entries(faces).map(([name, { size, isMonospaced }]) =>
      rule([`.${name}`], `font: ${size}px ${isMonospaced ? mono : sans}`),
    ),
    rule(['.title'], 'font-weight: 600'),
    rule(['.flow', '.step-arrow', '.edge'], 'fill: none; stroke-width: 1.5'),
    rule(['.edge.images'], 'stroke-width: 2'),
    ...(hasStates
      ? [
          rule(
            ['.state path'],
            'fill: none; stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round',
          ),
        ]
      : []),
    ...colors(light, hasStates),
    '@media (prefers-color-scheme: dark) {',
    ...colors(dark, hasStates),
    '}',
  ];
  // Nothing of a config is in it, and no character that has to be escaped.
  return { markup: `<style>\n${rules.join('\n')}\n</style>` };
}

function colors(palette: Palette, hasStates: boolean): string[] {
  const fill = (color: string, ...selectors: string[]) => rule(selectors, `fill: ${color}`);
  const stroke = (color: string, ...selectors: string[]) => rule(selectors, `stroke: ${color}`);
  const rules = [
    fill(palette.page, '.page'),
    fill(palette.text, 'text'),
    fill(palette.quiet, '.quiet'),
    fill(palette.frame, '.frame'),
    fill(palette.chip, '.chip-frame', '.stage'),
    stroke(palette.border, '.frame', '.chip-frame', '.stage'),
    stroke(palette.line, '.flow', '.step-arrow', '.edge', '.ring'),
    fill(palette.line, '.accent', '.mark', '.head'),
    fill(palette.frame, '.mark.ring'),
    fill(palette.blue, '.leader .accent', '.followers .accent', '.follower .accent', '.head.images'),
    stroke(palette.blue, '.edge.images'),
    fill(palette.violet, '.job .accent'),
    fill(palette.orange, '.topic .accent'),
  ];
  return hasStates ? [...rules, ...stateColors(palette)] : rules;
}

function stateColors(palette: Palette): string[] {
  const states: Readonly<Record<DestinationState, string>> = {
    succeeded: palette.green,
    partlyFailed: palette.yellow,
    failed: palette.red,
    skipped: palette.quiet,
    dryRun: palette.violet,
    running: palette.blue,
  };
  return [
    rule(['.state path'], `stroke: ${palette.sign}`),
    ...Object.entries(states).flatMap(([state, color]) => [
      rule([`.state.${state} circle`, `.follower.${state} .accent`], `fill: ${color}`),
      rule([`.follower.${state} .frame`, `.follower.${state} .chip-frame`], `stroke: ${color}`),
    ]),
  ];
}

function rule(selectors: readonly string[], declarations: string): string {
  return `${selectors.map((selector) => `.${rootClass} ${selector}`).join(', ')} { ${declarations} }`;
}
