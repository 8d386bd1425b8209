/** How a picture that an earlier run wrote is known. By itself, so that only who draws loads what draws. */
import { headingStart } from '../compile/compile.ts';

/** How the file of a picture begins. */
export function diagramStart(config: string): string {
  // Two hyphens would end the comment.
  return `<!-- ${headingStart(config).replace(/-(?=-)/g, '- ')}`;
}

/** Whether an earlier run wrote a picture from a config. */
export function isDiagramFile(_name: string, text: string, config: string): boolean {
  return text.startsWith(diagramStart(config));
}
