/** SVG as text. Every text and every attribute goes through one escape, so nothing from a config becomes markup. */

/** Markup that `element` made, and nothing else. */
export interface Markup {
  readonly markup: string;
}

/**
 * An element. Attributes that are undefined are left out.
 *
 * @param children a string is text, whatever it contains
 */
export function element(
  name: string,
  attributes: { readonly [attribute: string]: string | number | undefined },
  ...children: readonly (Markup | string)[]
): Markup {
  const written = Object.entries(attributes).map(([key, value]) =>
    value === undefined ? '' : ` ${key}="${typeof value === 'number' ? decimal(value) : escapeXml(value)}"`,
  );
  const start = `<${name}${written.join('')}`;
  if (children.length === 0) return { markup: `${start}/>` };
  const isText = children.every((child) => typeof child === 'string');
  const inner = children.map((child) => (typeof child === 'string' ? escapeXml(child) : child.markup));
  // Space between elements means nothing in SVG, within a text it does.
  return {
    markup: isText ? `${start}>${inner.join('')}</${name}>` : `${start}>\n${inner.join('\n')}\n</${name}>`,
  };
}

/**
 * Text for a place in XML: markup escaped. What XML cannot hold (control characters, halves of a surrogate pair) and
 * what would turn the text around it (marks of direction) becomes U+FFFD.
 */
export function escapeXml(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** A number with one digit after the point at most: a tenth of a pixel is less than anyone sees. */
export function decimal(value: number): string {
  const rounded = Math.round(value * 10) / 10;
  return String(Object.is(rounded, -0) ? 0 : rounded);
}
