/**
 * A pattern in which `*` stands for any characters, none included, and everything else for itself.
 *
 * @param ignoreCase as Artifact Registry's list filters do
 */
export function glob(pattern: string, { ignoreCase = false } = {}): (text: string) => boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  const expression = new RegExp(`^${parts.join('.*')}$`, ignoreCase ? 'is' : 's');
  return (text) => expression.test(text);
}
